import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SourceTextModule } from 'node:vm';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readAssembly } from '../../local/template/read-assembly.ts';
import { assembleProject } from './assembly.ts';

/** Each function's code, by the function's name; with all state, as the local run, or with none. */
let codes: ReadonlyMap<string, Buffer>;
let codesWithoutState: ReadonlyMap<string, Buffer>;

beforeAll(async () => {
  codes = readCodes(await assembleProject());
  codesWithoutState = readCodes(await assembleProject({ keepState: 'none' }));
}, 240_000);

function readCodes(assembly: string): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const { template, assets } of readAssembly(assembly)) {
    for (const { Type, Properties = {} } of Object.values(template.Resources ?? {})) {
      if (Type !== 'AWS::Lambda::Function') continue;
      const { S3Key } = Properties.Code as { S3Key: string };
      const code = readFileSync(join(assets.get(S3Key) ?? '', 'index.mjs'));
      found.set(String(Properties.FunctionName), code);
    }
  }
  return found;
}

/** Those that are no part of the pipeline itself. */
const consumersOf = (codes: ReadonlyMap<string, Buffer>) =>
  [...codes].filter(([name]) => !/-(ingest|republish)$/.test(name));

/** What each of AWS's services is called by in the code of its client. */
const services = {
  bus: 'AWSEvents',
  queues: 'AmazonSQS',
  tables: 'DynamoDB_20120810',
  secrets: 'secretsmanager',
} as const;

const servicesIn = (code: Buffer | undefined) =>
  Object.entries(services).flatMap(([name, mark]) => (code?.includes(mark) ? [name] : []));

describe('the bundles', () => {
  test('ingest has at most 480 KB, with the AWS SDK inside', () => {
    expect(codes.get('whatsapp-dev-ingest')?.length).toBeLessThan(480_000);
  });

  test('every other function has at most 380 KB, with the AWS SDK inside', () => {
    const others = [...codes, ...codesWithoutState].filter(([name]) => !/-ingest$/.test(name));
    expect(others.length).toBeGreaterThanOrEqual(10);
    for (const [name, code] of others) {
      expect([name, code.length < 380_000]).toEqual([name, true]);
    }
  });

  test('each brings the clients that it calls, and no other', () => {
    expect(servicesIn(codes.get('whatsapp-dev-ingest'))).toEqual(Object.keys(services));
    expect(servicesIn(codes.get('whatsapp-dev-republish'))).toEqual(['bus']);
    expect(servicesIn(codes.get('whatsapp-dev-calls'))).toEqual(['bus', 'queues', 'tables']);
    expect(servicesIn(codes.get('whatsapp-dev-watch-sessions'))).toEqual(['tables']);
    for (const [name, code] of consumersOf(codesWithoutState)) {
      expect([name, servicesIn(code)]).toEqual([name, ['queues']]);
    }
  });

  test('what is left to Lambda is loaded only when it is asked for', () => {
    for (const [name, code] of codes) {
      const fixed = new SourceTextModule(String(code)).dependencySpecifiers.filter(
        (specifier) => !specifier.startsWith('node:'),
      );
      expect([name, fixed]).toEqual([name, []]);
    }
  });
});
