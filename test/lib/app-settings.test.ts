import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { App } from 'aws-cdk-lib';
import fc from 'fast-check';
import { nearestName } from '../../events/nearest-name.ts';
import { readAppSettings } from '../../lib/app-settings.ts';
import { readSettings } from '../../lib/read-settings.ts';
import { settings } from '../../lib/settings.ts';
import { settingsSchema } from '../../tools/docs/settings-page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fanout-stages-'));
  mkdirSync(join(folder, 'stages'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const writeStage = (stage: string, content: unknown) =>
  writeFileSync(
    join(folder, 'stages', `${stage}.json`),
    typeof content === 'string' ? content : JSON.stringify(content),
  );

const read = (context: Record<string, unknown>) => readAppSettings(new App({ context }), folder);

describe('a stage file', () => {
  test('is read for its own stage only', () => {
    writeStage('prod', { $schema: './settings.schema.json', alarmEmail: 'ops@example.com' });
    expect(read({ stage: 'prod' })).toMatchObject({ stage: 'prod', alarmEmail: 'ops@example.com' });
    expect(read({ stage: 'test' })).toMatchObject({ stage: 'test', alarmEmail: 'none' });
    expect(read({})).toMatchObject({ stage: 'dev', alarmEmail: 'none' });
  });

  test('has lower precedence than the command line', () => {
    writeStage('prod', { archiveDays: 90, throttleRate: 50 });
    const { archiveDays, throttleRate } = read({ stage: 'prod', archiveDays: '7' });
    expect({ archiveDays, throttleRate }).toEqual({ archiveDays: 7, throttleRate: 50 });
  });

  test('is named in every error about it, all at once', () => {
    writeStage('prod', { stage: 'dev', archivDays: 9, alarms: 'loud', logLevel: 'LOUD' });
    const error = () => read({ stage: 'prod', alarmMail: 'x', throttleRate: 'fast' });
    for (const sentence of [
      /There is no setting "alarmMail" \(CDK context\): did you mean "alarmEmail"\?/,
      /There is no setting "archivDays" \(.*stages\/prod\.json\): did you mean "archiveDays"\?/,
      /stages\/prod\.json has the stage "dev", but a file is for the stage of its name\./,
      /The setting "alarms" is "loud" in .*stages\/prod\.json, but must be one of on, off\./,
      /The setting "logLevel" is "LOUD" in .*stages\/prod\.json, but must be/,
      /The setting "throttleRate" is "fast", but must be a whole number/,
    ]) {
      expect(error).toThrow(sentence);
    }
  });

  test('that sets the same setting as cdk.json is refused as ambiguous', () => {
    writeStage('prod', { archiveDays: 90 });
    writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ context: { archiveDays: 7 } }));
    expect(() => read({ stage: 'prod', archiveDays: 7 })).toThrow(
      /The setting "archiveDays" is both in cdk\.json and in .*stages\/prod\.json: keep one\./,
    );
  });

  test.each(['{', '[]', '"text"', 'null'])('with %s is refused by name', (content) => {
    writeStage('dev', content);
    expect(() => read({})).toThrow(/stages\/dev\.json (is not JSON|must hold an object)/);
  });

  test('of any content is either accepted or refused, and never ignored', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (content) => {
        writeStage('dev', content);
        const names = Object.keys(content).filter((name) => name !== '$schema');
        const isKnown = names.every((name) => Object.hasOwn(settings, name));
        if (!isKnown) {
          expect(() => read({})).toThrow(/There is no setting/);
        }
      }),
    );
  });
});

describe('names in CDK context', () => {
  test.each([
    ['stag', 'stage'],
    ['Stage', 'stage'],
    ['alarmMail', 'alarmEmail'],
    ['archive-days', 'archiveDays'],
    ['trottleRate', 'throttleRate'],
  ])('%s is refused, and %s is suggested', (name, meant) => {
    expect(() => read({ [name]: 'x' })).toThrow(`did you mean "${meant}"?`);
  });

  test('a name that is similar to none is refused without a suggestion', () => {
    expect(() => read({ somethingElse: 1 })).toThrow('There is no setting "somethingElse"');
    expect(nearestName('somethingElse', Object.keys(settings))).toBeUndefined();
  });

  test('every name with a missing character is refused with a suggestion', () => {
    const names = Object.keys(settings);
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), (name, place) => {
        const at = place % name.length;
        const misspelt = `${name.slice(0, at)}${name.slice(at + 1)}`;
        fc.pre(!names.includes(misspelt));
        // `stae` may be `state` or `stage`.
        const possible = names.filter((each) => isWithoutOneCharacter(misspelt, each));
        expect(possible).toContain(nearestName(misspelt, names));
      }),
    );
  });

  test('those of CDK, its CLI and libraries are ignored', () => {
    const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as {
      context: Record<string, unknown>;
    };
    expect(
      read({
        ...context,
        'aws:cdk:enable-path-metadata': true,
        'aws-cdk:enableDiffNoFail': true,
        'availability-zones:account=111111111111:region=eu-west-1': ['eu-west-1a'],
        'cli-telemetry': false,
        'acknowledged-issue-numbers': [1],
        'cdk-migrate': true,
      }),
    ).toEqual(readSettings(() => undefined));
  });
});

test.each([
  [
    { stag: 'prod', alarms: 'loud' },
    [
      'There is no setting "stag" (CDK context): did you mean "stage"?',
      'The setting "alarms" is "loud", but must be one of on, off.',
      expect.stringMatching(/^Settings come from CDK context/),
    ],
  ],
  [
    { state: 'calls,massages' },
    [expect.stringMatching(/^The setting "state" names massages, which no consumer with state/)],
  ],
])(
  'the app prints errors as sentences without a stack trace, and exits with 1 (%j)',
  (context, printed) => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(root, 'bin/app.ts')],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context) },
      },
    );
    expect(status).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual(printed);
  },
);

describe('the schema for editors', () => {
  const validate = new Ajv().compile(settingsSchema());

  test('accepts every default', () => {
    const { stage: _, ...defaults } = readSettings(() => undefined);
    expect(validate({ $schema: './settings.schema.json', ...defaults })).toBe(true);
  });

  test.each([
    { alarmMail: 'x' },
    { archiveDays: 'x' },
    { archiveDays: 1.5 },
    { alarms: 'loud' },
    { stage: 'prod' },
  ])('refuses %j', (content) => {
    expect(validate(content)).toBe(false);
  });
});

/** Whether a text is the name with one of its letters missing. */
function isWithoutOneCharacter(text: string, name: string): boolean {
  return [...name].some((_, at) => text === `${name.slice(0, at)}${name.slice(at + 1)}`);
}
