import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { AwsError } from '../../src/aws-service.ts';
import { busArn, functionArn, gone, newBench, queueArn, ruleArn, throttled } from './fixture.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const everything = { version: ['0'] };
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a queue', () => {
  test('contains the event when PutEvents returns', async () => {
    const bench = newBench();
    await bench.rule('r', everything, { Arn: queueArn('q') });
    await bench.put({ n: 1 });
    expect(bench.targets.messages('q')).toEqual([{ body: expect.stringContaining('"n":1') }]);
    expect(bench.eventBridge.pending()).toBe(0);
  });

  test('gets the message group and the trace header', async () => {
    const bench = newBench();
    const target = { Arn: queueArn('q.fifo'), SqsParameters: { MessageGroupId: 'g' } };
    await bench.rule('r', everything, target);
    await bench.put({}, { TraceHeader: 'Root=1-2-3' });
    expect(bench.targets.messages('q.fifo')).toMatchObject([
      { groupId: 'g', traceHeader: 'Root=1-2-3' },
    ]);
  });

  test('that fails in the middle of an attempt keeps nothing of it', async () => {
    const bench = newBench();
    await bench.rule('r', everything, { Arn: queueArn('q') });
    bench.targets.errors.set(queueArn('q'), throttled);
    await bench.put({});
    expect(bench.targets.bodies('q')).toEqual([]);
    expect(bench.eventBridge.pending()).toBe(1);
  });
});

describe('a function', () => {
  test('is invoked as soon as the event is accepted', async () => {
    const bench = newBench();
    await bench.rule('r', everything, { Arn: functionArn('f') });
    await bench.put({ n: 1 });
    await settled();
    expect(bench.targets.invocations).toEqual([
      { arn: functionArn('f'), payload: expect.stringContaining('"n":1') },
    ]);
    expect(bench.eventBridge.pending()).toBe(0);
  });

  test('is invoked for each of thousands of events, a limited number at the same time', async () => {
    const bench = newBench();
    await bench.rule('r', everything, { Arn: functionArn('f') });
    for (let n = 0; n < 1000; n += 1) {
      void bench.put({ n });
    }
    await bench.clock.advance(0);
    while (bench.eventBridge.pending() > 0) {
      await settled();
    }
    expect(new Set(bench.targets.invocations.map(({ payload }) => payload)).size).toBe(1000);
  });
});

describe('a delivery that fails', () => {
  test('is retried after a pause that doubles, until it succeeds', async () => {
    const bench = newBench({ random: () => 1 - Number.EPSILON });
    await bench.rule('r', everything, { Arn: queueArn('q') });
    bench.targets.errors.set(queueArn('q'), throttled);
    await bench.put({ n: 1 });
    const attempts = [bench.targets.attempts];
    for (const pause of [1000, 2000, 4000, 8000]) {
      await bench.clock.advance(pause - 1);
      attempts.push(bench.targets.attempts);
      await bench.clock.advance(1);
      attempts.push(bench.targets.attempts);
    }
    expect(attempts).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5]);
    bench.targets.errors.clear();
    await bench.clock.advance(16_000);
    expect(bench.targets.bodies('q')).toHaveLength(1);
    expect(bench.observations.at(-1)).toMatchObject({ kind: 'delivered', attempt: 6, ms: 31_000 });
    expect(bench.store.db.prepare('SELECT count(*) AS n FROM eventbridge_events').get()).toEqual({
      n: 0,
    });
  });

  test('has jitter of up to half the pause', async () => {
    const bench = newBench({ random: () => 0 });
    await bench.rule('r', everything, { Arn: queueArn('q') });
    bench.targets.errors.set(queueArn('q'), throttled);
    await bench.put({});
    expect(bench.observations.at(-1)).toMatchObject({ kind: 'failed', retryInMs: 500 });
  });

  test('does not delay the other targets', async () => {
    const bench = newBench();
    await bench.rule('bad', everything, { Arn: queueArn('bad') });
    await bench.rule('good', everything, { Arn: queueArn('good') });
    bench.targets.errors.set(queueArn('bad'), throttled);
    await bench.put({});
    expect(bench.targets.bodies('good')).toHaveLength(1);
    await bench.clock.advance(hourMs);
    expect(bench.targets.bodies('good')).toHaveLength(1);
  });

  test('because of an internal error fails PutEvents and stores nothing', async () => {
    const bench = newBench();
    await bench.rule('first', everything, { Arn: queueArn('first') });
    await bench.rule('r', everything, { Arn: queueArn('q') });
    bench.targets.errors.set(queueArn('q'), new Error('disk full'));
    await expect(bench.put({})).rejects.toThrow('disk full');
    expect(bench.targets.bodies('first')).toEqual([]);
  });
});

test('a retry that fails internally does not delay the others, and is repeated later', async () => {
  const bench = newBench();
  await bench.rule('broken', everything, { Arn: queueArn('broken') });
  await bench.rule('good', everything, { Arn: queueArn('good') });
  for (const name of ['broken', 'good']) {
    bench.targets.errors.set(queueArn(name), throttled);
  }
  await bench.put({});
  bench.targets.errors.set(queueArn('broken'), new TypeError('a bug'));
  bench.targets.errors.delete(queueArn('good'));
  await bench.clock.advance(1000);
  expect(bench.targets.bodies('good')).toHaveLength(1);
  bench.targets.errors.clear();
  await bench.clock.advance(minuteMs);
  expect(bench.targets.bodies('broken')).toHaveLength(1);
});

describe('a dead-letter message', () => {
  const withDeadLetters = { Arn: queueArn('q'), DeadLetterConfig: { Arn: queueArn('dead') } };

  test('is sent after 24 hours of retries by default, at most 185 of them', async () => {
    const bench = newBench({ random: Math.random });
    await bench.rule('r', everything, withDeadLetters);
    bench.targets.errors.set(queueArn('q'), throttled);
    await bench.put({ n: 1 });
    await bench.clock.advance(18 * hourMs);
    expect(bench.targets.bodies('dead')).toEqual([]);
    await bench.clock.advance(6 * hourMs);
    const [message] = bench.targets.messages('dead');
    expect(JSON.parse(message?.body ?? '').detail).toEqual({ n: 1 });
    expect(message?.attributes).toEqual({
      RULE_ARN: ruleArn('r'),
      TARGET_ARN: queueArn('q'),
      ERROR_CODE: 'THROTTLING',
      ERROR_MESSAGE: 'Rate exceeded',
      EXHAUSTED_RETRY_CONDITION: expect.stringMatching(
        /^(MaximumRetryAttempts|MaximumEventAgeInSeconds)$/,
      ),
      RETRY_ATTEMPTS: expect.stringMatching(/^1[5-8]\d$/),
    });
    expect(bench.eventBridge.pending()).toBe(0);
  });

  test.each([
    [{ MaximumRetryAttempts: 0 }, 'MaximumRetryAttempts', '0'],
    [{ MaximumRetryAttempts: 3 }, 'MaximumRetryAttempts', '3'],
    [{ MaximumEventAgeInSeconds: 60 }, 'MaximumEventAgeInSeconds', '6'],
  ])('names the exhausted condition of %j', async (RetryPolicy, condition, retries) => {
    const bench = newBench();
    await bench.rule('r', everything, { ...withDeadLetters, RetryPolicy });
    bench.targets.errors.set(queueArn('q'), throttled);
    await bench.put({});
    await bench.clock.advance(5 * minuteMs);
    expect(bench.targets.messages('dead')[0]?.attributes).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: condition,
      RETRY_ATTEMPTS: retries,
    });
    expect(bench.targets.attempts).toBe(Number(retries) + 2);
  });

  test.each([
    ['NO_RESOURCE', gone],
    ['NO_PERMISSIONS', new AwsError('AccessDeniedException', 'no', 403)],
    ['INVALID_PARAMETER', new AwsError('InvalidMessageContents', 'no')],
  ])('is sent immediately when a retry cannot succeed: %s', async (code, error) => {
    const bench = newBench();
    await bench.rule('r', everything, withDeadLetters);
    bench.targets.errors.set(queueArn('q'), error);
    await bench.put({});
    expect(bench.targets.messages('dead')[0]?.attributes).toEqual({
      RULE_ARN: ruleArn('r'),
      TARGET_ARN: queueArn('q'),
      ERROR_CODE: code,
      ERROR_MESSAGE: error.message,
      RETRY_ATTEMPTS: '0',
    });
  });

  test('contains the original event, also when the target has an input setting', async () => {
    const bench = newBench();
    await bench.rule('r', everything, { ...withDeadLetters, Arn: functionArn('f'), Input: '"x"' });
    bench.targets.errors.set(
      functionArn('f'),
      new AwsError('ResourceNotFoundException', 'no', 404),
    );
    await bench.put({ n: 1 });
    await settled();
    expect(JSON.parse(bench.targets.bodies('dead')[0] ?? '').detail).toEqual({ n: 1 });
    expect(bench.observations.at(-1)).toMatchObject({
      kind: 'deadLettered',
      errorCode: 'NO_RESOURCE',
    });
  });

  test('that no queue accepts is counted as dropped', async () => {
    const bench = newBench();
    await bench.rule('none', everything, { Arn: queueArn('q') });
    await bench.rule('broken', everything, withDeadLetters);
    bench.targets.errors.set(queueArn('q'), gone);
    bench.targets.errors.set(queueArn('dead'), gone);
    await bench.put({});
    expect(bench.eventBridge.metrics).toMatchObject({
      dropped: 2,
      deadLettered: 0,
      failedAttempts: 2,
    });
    expect(bench.targets.bodies('dead')).toEqual([]);
    expect(bench.eventBridge.pending()).toBe(0);
  });
});

describe('after a crash', () => {
  test('pending retries continue on schedule after a restart, from the store alone', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'eventbridge-'));
    try {
      const bench = newBench({ directory });
      await bench.rule('r', everything, { Arn: queueArn('q') });
      await bench.rule('f', everything, { Arn: functionArn('f') });
      bench.targets.errors.set(queueArn('q'), throttled);
      bench.targets.errors.set(functionArn('f'), throttled);
      await bench.put({ n: 1 });
      await bench.clock.advance(minuteMs);
      const again = bench.restart();
      expect(again.eventBridge.pending()).toBe(2);
      await again.clock.advance(minuteMs);
      expect(again.targets.bodies('q')).toHaveLength(1);
      expect(again.targets.invocations).toHaveLength(1);
      expect(again.eventBridge.pending()).toBe(0);
      again.store.close();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test('a function whose delivery was interrupted gets the event at the next start', async () => {
    const bench = newBench();
    await bench.rule('f', everything, { Arn: functionArn('f') });
    bench.targets.invokeFunction = () => new Promise(() => {});
    await bench.put({ n: 1 });
    const again = bench.restart();
    await settled();
    expect(again.targets.invocations).toHaveLength(1);
  });
});

describe('another bus', () => {
  test('gets the event with a new id, and its rules receive it', async () => {
    const bench = newBench();
    await bench.call('CreateEventBus', { Name: 'second' });
    await bench.rule('on', everything, { Arn: busArn('second') });
    await bench.rule('there', { source: ['test'] }, { Arn: queueArn('q') }, 'second');
    const eventId = await bench.put({ n: 1.0 });
    const [text = ''] = bench.targets.bodies('q');
    const event = JSON.parse(text);
    expect(event).toMatchObject({ source: 'test', detail: { n: 1 }, account: '123456789012' });
    expect(event.id).not.toBe(eventId);
  });

  test('does not forward it to a third bus', async () => {
    const bench = newBench();
    await bench.call('CreateEventBus', { Name: 'second' });
    await bench.rule('on', everything, { Arn: busArn('second') });
    await bench.rule(
      'back',
      everything,
      {
        Arn: busArn('default'),
        DeadLetterConfig: { Arn: queueArn('dead') },
      },
      'second',
    );
    await bench.put({});
    expect(bench.targets.messages('dead')[0]?.attributes).toMatchObject({
      RULE_ARN: ruleArn('second/back'),
      ERROR_CODE: 'INVALID_PARAMETER',
    });
    expect(bench.eventBridge.metrics.published).toBe(2);
  });

  test('that does not exist is a missing resource', async () => {
    const bench = newBench();
    await bench.rule('on', everything, {
      Arn: busArn('nowhere'),
      DeadLetterConfig: { Arn: queueArn('dead') },
    });
    await bench.put({});
    expect(bench.targets.messages('dead')[0]?.attributes).toMatchObject({
      ERROR_CODE: 'NO_RESOURCE',
    });
  });
});
