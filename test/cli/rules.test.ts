import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { rulesCommand } from '../../cli/rules.ts';
import { exampleSubject } from '../../ops/rules/read-event.ts';
import { subscriptionOf } from '../../ops/rules/rule.ts';
import { startPipeline, type TestPipeline } from '../ops/local-pipeline.ts';
import { runCommand } from './run-command.ts';

const message = JSON.parse(exampleSubject('message')) as object;
const subscription = (pattern: object) => subscriptionOf(JSON.stringify(pattern), message);

describe('the conditions under which a rule matches a type', () => {
  test('always, when it requires only the type, in any field', () => {
    const always = { always: true, conditions: [] };
    expect(subscription({ 'detail-type': ['message'] })).toEqual(always);
    expect(subscription({ detail: { meta: { category: [{ prefix: 'mess' }] } } })).toEqual(always);
    expect(subscription({ source: ['whatsapp'] })).toEqual(always);
  });

  test('never, when it requires another type', () => {
    expect(subscription({ 'detail-type': ['message.any'] })).toBeUndefined();
    expect(subscription({ source: ['aws.s3'] })).toBeUndefined();
  });

  test('under a condition, when it requires more', () => {
    expect(
      subscription({ 'detail-type': ['message'], detail: { meta: { fromMe: [false] } } }),
    ).toEqual({
      always: false,
      conditions: [[{ path: 'detail.meta.fromMe', expected: '[false]' }]],
    });
  });

  test('only by the alternatives that allow the type', () => {
    const pattern = {
      $or: [
        { 'detail-type': ['call.received'] },
        { 'detail-type': ['message'], detail: { meta: { session: ['shop'] } } },
      ],
    };
    expect(subscription(pattern)?.conditions).toEqual([
      [{ path: 'detail.meta.session', expected: '["shop"]' }],
    ]);
  });
});

describe('fanout rules', () => {
  let pipeline: TestPipeline;
  beforeEach(async () => {
    pipeline = await startPipeline();
  });
  afterEach(() => pipeline.close());

  const ask = (...words: readonly string[]) =>
    runCommand(rulesCommand(), '--for', ...words, '--endpoint', pipeline.run.awsEndpoint);

  test('names the consumers of a type', async () => {
    const { lines, exitCode } = await ask('message');
    expect(lines.join('\n')).toMatch(/^messages +always$/m);
    expect(lines.join('\n')).not.toMatch(/calls/);
    expect(exitCode).toBeUndefined();
  });

  test('ends with 1 when only the catch-all rule matches a type', async () => {
    const { lines, exitCode } = await ask('label.upsert', '--json');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ catchAll: true, always: true }]);
    expect(exitCode).toBe(1);
  });

  test('refuses an unknown type', async () => {
    await expect(ask('Message')).rejects.toThrow(
      /There is no event type "Message"\. Did you mean "message"\?/,
    );
  });
});
