import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { redrive } from '../../../ops/dead-letters/redrive.ts';
import { createFilter } from '../../../ops/event-filter.ts';
import { startPipeline, type TestPipeline } from '../local-pipeline.ts';
import { busEvent, fill } from './example-messages.ts';

const deadLetters = 'whatsapp-dev-messages-dead-letters';

describe('redriving', () => {
  let pipeline: TestPipeline;
  beforeEach(async () => {
    pipeline = await startPipeline();
  });
  afterEach(() => pipeline.close());

  const redriveAll = async (name: string, options: Parameters<typeof redrive>[3] = {}) => {
    const { queue, pipeline: found } = await pipeline.end(name);
    return redrive(pipeline.access, queue, found, options);
  };

  test('sends dead-letter messages back to the queue of their consumer', async () => {
    const bodies = [busEvent('message'), busEvent('message.any')];
    await fill(pipeline, deadLetters, bodies);
    const summary = await redriveAll('messages');
    expect(summary).toMatchObject({
      moved: 2,
      stayed: {},
      destinations: { 'whatsapp-dev-messages': 2 },
    });
    expect(pipeline.bodies('whatsapp-dev-messages').sort()).toEqual(bodies.sort());
    expect(await pipeline.depth(deadLetters)).toBe(0);
    expect(await pipeline.depth('whatsapp-dev-calls')).toBe(0);
  });

  test('moves a thousand messages although it is interrupted: after a second run each has arrived once', async () => {
    const bodies = Array.from({ length: 1_000 }, (_, index) => JSON.stringify({ index }));
    await fill(pipeline, deadLetters, bodies);
    const controller = new AbortController();
    const first = await redriveAll('messages', {
      signal: controller.signal,
      onProgress: (looked) => looked >= 400 && controller.abort(),
    });
    expect(first.interrupted).toBe(true);
    expect(first.moved).toBeGreaterThanOrEqual(400);
    expect(first.moved).toBeLessThan(1_000);
    expect(await pipeline.depth(deadLetters)).toBe(1_000 - first.moved);
    const second = await redriveAll('messages');
    expect(second).toMatchObject({ moved: 1_000 - first.moved, interrupted: false });
    expect(pipeline.bodies('whatsapp-dev-messages').sort()).toEqual(bodies.sort());
    expect(await pipeline.depth(deadLetters)).toBe(0);
  });

  test('keeps messages that the filter does not match visible to others', async () => {
    await fill(pipeline, deadLetters, [busEvent('message', 'one'), busEvent('message', 'two')]);
    const summary = await redriveAll('messages', { matches: createFilter({ sessions: ['two'] }) });
    expect(summary).toMatchObject({ moved: 1, unmatched: 1 });
    const { sqs } = pipeline.run.services;
    const [remaining, ...others] = sqs.peek(pipeline.arn(deadLetters), 10);
    expect(others).toEqual([]);
    expect(remaining?.state).toBe('visible');
    expect(remaining?.body).toContain('"session":"one"');
  });

  test('in a dry run reports the destinations and changes nothing', async () => {
    await fill(pipeline, deadLetters, [busEvent('message')]);
    const summary = await redriveAll('messages', { dryRun: true });
    expect(summary.destinations).toEqual({ 'whatsapp-dev-messages': 1 });
    expect(await pipeline.depth('whatsapp-dev-messages')).toBe(0);
    expect(await pipeline.depth(deadLetters)).toBe(1);
  });

  test('keeps the attributes of a message, and drops those of its failure', async () => {
    await fill(pipeline, deadLetters, ['{}'], {
      'fanout.reason': 'permanent',
      'fanout.consumer': 'messages',
      tenant: 'acme',
    });
    await redriveAll('messages');
    const [arrived] = pipeline.run.services.sqs.peek(pipeline.arn('whatsapp-dev-messages'), 1);
    // The mark tells an idempotent consumer that a person wants it done.
    expect(Object.keys(arrived?.messageAttributes ?? {}).sort()).toEqual([
      'fanout.redrive',
      'tenant',
    ]);
  });

  test('sends what EventBridge could not deliver to the target that failed only', async () => {
    const rules = (await pipeline.find()).rules;
    const failed = rules.find(({ targets }) => targets[0]?.Arn?.endsWith('whatsapp-dev-calls'));
    const body = busEvent('call.received');
    await fill(pipeline, 'whatsapp-dev-undeliverable', [body], {
      RULE_ARN: failed?.arn ?? '',
      TARGET_ARN: pipeline.arn('whatsapp-dev-calls'),
      ERROR_CODE: 'NO_PERMISSIONS',
      ERROR_MESSAGE: 'Lack of permissions',
      RETRY_ATTEMPTS: '0',
    });
    const summary = await redriveAll('undeliverable');
    expect(summary).toMatchObject({ moved: 1, destinations: { 'whatsapp-dev-calls': 1 } });
    expect(pipeline.bodies('whatsapp-dev-calls')).toEqual([body]);
    const [arrived] = pipeline.run.services.sqs.peek(pipeline.arn('whatsapp-dev-calls'), 1);
    expect(arrived?.messageAttributes).toEqual({});
    for (const other of ['messages', 'unrouted', 'undeliverable']) {
      expect(await pipeline.depth(`whatsapp-dev-${other}`)).toBe(0);
    }
  });

  test('keeps messages without a destination, says why, and sends the rest', async () => {
    const forged = { RULE_ARN: 'arn:aws:events:us-east-1:000000000000:rule/other/rule' };
    await fill(pipeline, 'whatsapp-dev-undeliverable', ['{}'], {
      ...forged,
      TARGET_ARN: pipeline.arn('whatsapp-dev-calls'),
      ERROR_CODE: 'X',
    });
    const summary = await redriveAll('undeliverable');
    expect(summary).toMatchObject({
      moved: 0,
      stayed: { 'no rule on the bus has its target any more': 1 },
    });
    expect(await pipeline.depth('whatsapp-dev-undeliverable')).toBe(1);
    expect(await pipeline.depth('whatsapp-dev-calls')).toBe(0);
  });

  test('puts unrouted events on the bus again, with every digit of their numbers', async () => {
    const body = busEvent('message').replace('"resources":[]', '"resources":["a"]');
    const exact = body.replace('"detail":{', '"detail":{"big":123456789012345678901.50,');
    await fill(pipeline, 'whatsapp-dev-unrouted', [exact]);
    const summary = await redriveAll('unrouted');
    expect(summary).toMatchObject({ moved: 1, destinations: { 'whatsapp-dev': 1 } });
    const [arrived = ''] = pipeline.bodies('whatsapp-dev-messages');
    expect(arrived).toContain('"big":123456789012345678901.50,');
    const { id: _, ...event } = JSON.parse(arrived) as Record<string, unknown>;
    const { id: __, ...original } = JSON.parse(exact) as Record<string, unknown>;
    expect(event).toEqual(original);
    expect(await pipeline.depth('whatsapp-dev-unrouted')).toBe(0);
  });

  test('sends both of two equal messages, and not the copy that a function writes when it fails again', async () => {
    const failed = () => fill(pipeline, deadLetters, ['{}'], { 'fanout.consumer': 'messages' });
    await failed();
    await failed();
    let pauses = 0;
    const summary = await redriveAll('messages', {
      rate: 1,
      pause: async () => {
        pauses += 1;
        if (pauses === 2) {
          await failed();
        }
      },
    });
    expect(summary).toMatchObject({ moved: 2, returned: 1 });
    expect(pipeline.bodies('whatsapp-dev-messages')).toEqual(['{}', '{}']);
    expect(await pipeline.depth(deadLetters)).toBe(1);
  });

  test('does not send an event again and again that still no rule matches', async () => {
    const bodies = Array.from({ length: 25 }, () => busEvent('label.upsert'));
    await fill(pipeline, 'whatsapp-dev-unrouted', bodies);
    const summary = await redriveAll('unrouted');
    expect(summary).toMatchObject({ moved: 25, returned: 25 });
    expect(await pipeline.depth('whatsapp-dev-unrouted')).toBe(25);
  });

  test('puts spilled events on the bus', async () => {
    const { version, ...spilled } = JSON.parse(busEvent('call.received')) as Record<
      string,
      unknown
    >;
    await fill(pipeline, 'whatsapp-dev-spill', [JSON.stringify({ version, ...spilled })], {
      'fanout.reason': 'refused',
      'fanout.error': 'InternalFailure',
    });
    expect(await redriveAll('spill')).toMatchObject({ moved: 1 });
    expect(await pipeline.depth('whatsapp-dev-calls')).toBe(1);
  });

  test('keeps to its rate and its limit', async () => {
    await fill(
      pipeline,
      deadLetters,
      Array.from({ length: 30 }, (_, index) => String(index)),
    );
    const pauses: number[] = [];
    const summary = await redriveAll('messages', {
      rate: 8,
      limit: 20,
      pause: async (ms) => {
        pauses.push(ms);
      },
    });
    expect(summary.moved).toBe(20);
    // Two rounds of eight letters, and one of four.
    expect(pauses).toEqual([1_000, 1_000, 500]);
    expect(await pipeline.depth(deadLetters)).toBe(10);
  });

  test('deletes no message before its destination has confirmed it', async () => {
    await fill(pipeline, deadLetters, ['{"a":1}', '{"a":2}']);
    const { queue, pipeline: found } = await pipeline.end('messages');
    await pipeline.run.services.sqs.call('DeleteQueue', {
      QueueUrl: pipeline.url('whatsapp-dev-messages'),
    });
    const summary = await redrive(pipeline.access, queue, found);
    expect(summary.moved).toBe(0);
    expect(Object.values(summary.stayed)).toEqual([2]);
    expect(pipeline.bodies(deadLetters)).toHaveLength(2);
    const states = pipeline.run.services.sqs.peek(pipeline.arn(deadLetters), 10);
    expect(states.map(({ state }) => state)).toEqual(['visible', 'visible']);
  });
});
