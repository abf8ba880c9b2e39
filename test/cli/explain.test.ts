import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { explainCommand } from '../../cli/explain.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { exampleSubject, readSubject } from '../../ops/rules/read-event.ts';
import { explainRules } from '../../ops/rules/rule.ts';
import { busEvent, exampleDetail } from '../ops/dead-letters/example-messages.ts';
import { startPipeline, type TestPipeline } from '../ops/local-pipeline.ts';
import { runCommand } from './run-command.ts';

interface Case {
  readonly id: string;
  readonly pattern: string | object;
  readonly event: string | object;
  readonly expected: boolean | 'invalid';
}

const toText = (value: string | object) =>
  typeof value === 'string' ? value : JSON.stringify(value);

describe('fanout explain --pattern agrees with AWS', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fanout-explain-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const outcome = async ({ pattern, event }: Case) => {
    writeFileSync(join(folder, 'pattern.json'), toText(pattern));
    writeFileSync(join(folder, 'event.json'), toText(event));
    const words = [join(folder, 'event.json'), '--pattern', join(folder, 'pattern.json'), '--json'];
    try {
      const { lines, exitCode } = await runCommand(explainCommand(), ...words);
      const [record] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      const { matches, failures } = record as { matches: boolean; failures: unknown[] };
      // The exit status says the same as the record, and whoever fails says where.
      if (matches !== (exitCode === undefined) || matches !== (failures.length === 0)) {
        return '?';
      }
      return matches;
    } catch (error) {
      return (error as { code?: string }).code === 'commander.error' ? 'invalid' : '?';
    }
  };

  const folderOfCases = new URL('../../../shared/eventbridge-patterns/', import.meta.url);
  for (const [file, count] of [
    ['aws-validated.ndjson', 161],
    ['event-ruler-recorded.ndjson', 903],
  ] as const) {
    const url = new URL(file, folderOfCases);
    if (!existsSync(url)) {
      test.skip(`${file} is not there`, () => {});
      continue;
    }
    test(`in ${count} of ${count} cases of ${file}`, async () => {
      const cases = readFileSync(url, 'utf8').trim().split('\n');
      const wrong: string[] = [];
      for (const line of cases) {
        const each = JSON.parse(line) as Case;
        if ((await outcome(each)) !== each.expected) {
          wrong.push(each.id);
        }
      }
      expect(wrong).toEqual([]);
      expect(cases).toHaveLength(count);
    });
  }
});

const rule = (name: string, pattern: object) => ({
  name,
  pattern: JSON.stringify(pattern),
  listeners: [name],
  isEnabled: true,
  isCatchAll: false,
});

test('the nearest rule is the one that fails in the fewest fields', () => {
  const explained = explainRules(
    [
      rule('far', { source: ['other'], 'detail-type': ['call.received'] }),
      rule('near', { source: ['whatsapp'], detail: { meta: { session: ['shop'] } } }),
      rule('hit', { 'detail-type': ['message'] }),
    ],
    busEvent('message', 'default'),
  );
  expect(explained.map(({ rule: { name }, matches }) => [name, matches])).toEqual([
    ['hit', true],
    ['near', false],
    ['far', false],
  ]);
  expect(explained[1]?.failures).toEqual([
    {
      path: 'detail.meta.session',
      expected: '["shop"]',
      actual: ['"default"'],
      reason: 'different',
    },
  ]);
});

test('an event, its envelope, the webhook behind it and its type are all understood', () => {
  const event = busEvent('message.reaction');
  expect(readSubject(event)).toBe(event);
  const envelope = exampleDetail('message.reaction');
  const ofEnvelope = JSON.parse(readSubject(JSON.stringify(envelope)));
  expect(ofEnvelope.detail).toEqual(envelope);
  const ofWebhook = JSON.parse(
    readSubject(JSON.stringify(exampleWebhook('call.received', 'wawp'))),
  );
  expect(ofWebhook).toMatchObject({ source: 'whatsapp', 'detail-type': 'call.received' });
  expect(JSON.parse(exampleSubject('message.reaction')).detail.meta.id).toBe(
    ofEnvelope.detail.meta.id,
  );
  expect(JSON.parse(exampleSubject('unrecognized'))['detail-type']).toBe('unrecognized');
});

describe('on a running pipeline', () => {
  let pipeline: TestPipeline;
  let folder = '';
  beforeEach(async () => {
    pipeline = await startPipeline();
    folder = mkdtempSync(join(tmpdir(), 'fanout-explain-'));
  });
  afterEach(async () => {
    await pipeline.close();
    rmSync(folder, { recursive: true });
  });

  const explain = (...words: readonly string[]) =>
    runCommand(explainCommand(), ...words, '--endpoint', pipeline.run.awsEndpoint);

  test('each rule of the bus says whether an event matches, by the consumer behind it', async () => {
    const { lines, exitCode } = await explain('message', '--json');
    const records = lines.map((line) => JSON.parse(line));
    expect(records.map(({ listeners, matches }) => [listeners, matches])).toEqual([
      [['messages'], true],
      [['calls'], false],
      [['whatsapp-dev-unrouted'], false],
    ]);
    expect(exitCode).toBeUndefined();
    const { lines: reported } = await explain('message', '--all');
    expect(reported.join('\n')).toContain('detail-type: wants ["call.received"], saw "message"');
  });

  test('an event that no consumer receives ends with 1, even if the catch-all rule matches it', async () => {
    const { lines, exitCode } = await explain('label.upsert', '--json');
    expect(lines.map((line) => JSON.parse(line)).find(({ catchAll }) => catchAll)).toMatchObject({
      matches: true,
    });
    expect(exitCode).toBe(1);
  });

  test('text in an event cannot control the terminal', async () => {
    const file = join(folder, 'event.json');
    writeFileSync(file, JSON.stringify({ source: 'whatsapp', 'detail-type': '\u001b[2Jmessage' }));
    const { lines } = await explain(file, '--all');
    expect(lines.join('\n')).not.toContain('\u001b[2J');
    expect(lines.join('\n')).toContain('[2Jmessage');
  });

  test('an argument that is neither a type nor a file is refused, with the list of types', async () => {
    await expect(explain('mesage')).rejects.toThrow(
      /There is no event type or file "mesage"\. Did you mean "message"\?/,
    );
  });
});

test('the rules of a template are explained without a running pipeline', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fanout-explain-'));
  const file = join(folder, 'template.json');
  const queue = (QueueName: string, tags: object) => ({
    Type: 'AWS::SQS::Queue',
    Properties: {
      QueueName,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    },
  });
  const rule = (pattern: object, queueId: string) => ({
    Type: 'AWS::Events::Rule',
    Properties: { EventPattern: pattern, Targets: [{ Arn: { 'Fn::GetAtt': [queueId, 'Arn'] } }] },
  });
  const Resources = {
    PollsQueue: queue('whatsapp-dev-polls', { 'fanout:consumer': 'polls' }),
    PollsRule: rule({ 'detail-type': ['poll.vote'] }, 'PollsQueue'),
    UnroutedQueue: queue('whatsapp-dev-unrouted', { 'fanout:role': 'unrouted' }),
    UnroutedRule: rule({ 'detail-type': [{ 'anything-but': ['poll.vote'] }] }, 'UnroutedQueue'),
  };
  writeFileSync(file, JSON.stringify({ Resources }));
  const explain = async (type: string) => {
    const result = await runCommand(explainCommand(), type, '--template', file, '--json');
    return { ...result, records: result.lines.map((line) => JSON.parse(line)) };
  };
  const subscribed = await explain('poll.vote');
  expect(subscribed.records).toMatchObject([
    { listeners: ['polls'], matches: true, catchAll: false },
    { listeners: ['whatsapp-dev-unrouted'], matches: false, catchAll: true },
  ]);
  expect((await explain('message')).exitCode).toBe(1);
  writeFileSync(file, '{}');
  await expect(explain('message')).rejects.toThrow(/is not a CloudFormation template/);
  rmSync(folder, { recursive: true });
});
