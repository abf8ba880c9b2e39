import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import fc from 'fast-check';
import { PermanentError } from '../../../lambdas/runtime/classify-error.ts';
import { type ConsumeOptions, consume, type Handle } from '../../../lambdas/runtime/consume.ts';
import type { ConsumerQueue, DeadLetterReason } from '../../../lambdas/runtime/consumer-queue.ts';
import { type Claim, type Claims, Once } from '../../../lambdas/runtime/once.ts';

const event = (id: string) =>
  JSON.stringify({ detail: { meta: { id, type: 'message', category: 'messages' }, data: {} } });

const record = (id: string, receiveCount = 1, rest: Partial<SQSRecord> = {}): SQSRecord =>
  ({
    messageId: `message-${id}`,
    receiptHandle: `handle-${id}`,
    body: event(id),
    attributes: { ApproximateReceiveCount: String(receiveCount) },
    messageAttributes: {},
    ...rest,
  }) as SQSRecord;

const batch = (...Records: SQSRecord[]): SQSEvent => ({ Records });

/** The consumer's queue, as far as the runtime asks something of it. */
class FakeQueue implements ConsumerQueue {
  readonly deadLetters: { messageId: string; reason: DeadLetterReason }[] = [];
  readonly postponed: { messageId: string; seconds: number }[] = [];
  isDown = false;

  async giveUp({ messageId }: SQSRecord, reason: DeadLetterReason) {
    if (this.isDown) throw new Error('down');
    this.deadLetters.push({ messageId, reason });
  }

  async postpone({ messageId }: SQSRecord, seconds: number) {
    if (this.isDown) throw new Error('down');
    this.postponed.push({ messageId, seconds });
  }
}

/** Claims as the table keeps them. */
class FakeClaims implements Claims {
  readonly items = new Map<string, { done: boolean; at: number }>();

  async take(id: string, now: number): Promise<Claim> {
    const item = this.items.get(id);
    if (!item) {
      this.items.set(id, { done: false, at: now });
      return { state: 'taken' };
    }
    return item.done ? { state: 'done' } : { state: 'begun', at: item.at };
  }

  async takeOver(id: string, since: number, now: number) {
    const item = this.items.get(id);
    if (item?.done !== false || item.at !== since) return false;
    this.items.set(id, { done: false, at: now });
    return true;
  }

  async finish(id: string) {
    this.items.set(id, { done: true, at: 0 });
  }

  async release(id: string) {
    this.items.delete(id);
  }
}

function setUp(handle: Handle<'message'>, options: ConsumeOptions<'message'> = {}) {
  const queue = new FakeQueue();
  return { queue, run: consume(handle, { queue, once: undefined, ...options }) };
}

const named = (name: string, rest: object = {}) => Object.assign(new Error(), { name }, rest);

beforeEach(() => {
  process.env.CONSUMER = 'messages';
  process.env.MAX_RECEIVE_COUNT = '5';
  for (const level of ['info', 'warn', 'error'] as const) {
    jest.spyOn(console, level).mockImplementation(() => {});
  }
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('a batch', () => {
  test('one poison message does not make its neighbours fail', async () => {
    const handled: string[] = [];
    const { run } = setUp(({ meta }) => {
      if (meta.id === '4') throw new Error('poison');
      handled.push(meta.id);
    });
    const ids = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
    const { batchItemFailures } = await run(batch(...ids.map((id) => record(id))));
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'message-4' }]);
    expect(handled).toEqual(ids.filter((id) => id !== '4'));
  });

  test('tells by one metric how long each event took since its webhook, but not those of the past', async () => {
    const { run } = setUp(() => {});
    const receivedAt = new Date(Date.now() - 5_000).toISOString();
    const of = (id: string, meta: object, rest: Partial<SQSRecord> = {}) => {
      const known = { id, type: 'message', category: 'messages', receivedAt };
      return record(id, 1, {
        body: JSON.stringify({ detail: { meta: { ...known, ...meta }, data: {} } }),
        ...rest,
      });
    };
    await run(
      batch(
        of('1', {}),
        of('2', { receivedAt: new Date(Date.now() + 60_000).toISOString() }),
        of('3', { replay: 'again' }),
        of('4', {}, { messageAttributes: { 'fanout.redrive': { dataType: 'String' } } }),
      ),
    );
    const lines = jest.mocked(process.stdout.write).mock.calls.map(([line]) => String(line));
    const latencies = lines.map((line) => JSON.parse(line)).filter(({ Latency }) => Latency);
    expect(latencies).toMatchObject([{ Consumer: 'messages' }]);
    const [{ Latency }] = latencies as [{ Latency: number[] }];
    expect(Latency).toHaveLength(2);
    expect(Latency[0]).toBeGreaterThanOrEqual(5_000);
    // A clock that runs behind must not make a negative time.
    expect(Latency[1]).toBe(0);
  });

  test('whichever events fail, exactly those are given back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 10 }), async (fails) => {
        const { run } = setUp(({ meta }) => {
          if (fails[Number(meta.id)]) throw new Error('now and then');
        });
        const { batchItemFailures } = await run(
          batch(...fails.map((_, index) => record(String(index)))),
        );
        expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(
          fails.flatMap((failed, index) => (failed ? [`message-${index}`] : [])),
        );
      }),
    );
  });
});

describe('an error that cannot get better', () => {
  test.each([
    ['a PermanentError', new PermanentError('no such account')],
    ['a payload of the wrong shape', named('ValiError')],
    ['a target that answers 404', named('HttpError', { status: 404 })],
    ['an AWS API that answers 400', named('BadRequest', { $metadata: { httpStatusCode: 400 } })],
  ])('%s makes the event a dead letter at once, with the reason', async (_name, error) => {
    const { queue, run } = setUp(() => {
      throw error;
    });
    expect(await run(batch(record('1')))).toEqual({ batchItemFailures: [] });
    expect(queue.deadLetters).toEqual([
      { messageId: 'message-1', reason: { reason: 'permanent', error: error.name } },
    ]);
  });

  test('a message that is no event of ours is a dead letter at once', async () => {
    const { queue, run } = setUp(() => {});
    await run(batch(record('1', 1, { body: 'Hello?' })));
    expect(queue.deadLetters[0]?.reason).toEqual({
      reason: 'permanent',
      error: 'NotAWhatsAppEventError',
    });
  });
});

describe('an error that may pass', () => {
  test.each([
    ['anything unknown', new Error('?')],
    [
      'a permission that is denied, as it may be for seconds after a deployment',
      named('AccessDeniedException', { $metadata: { httpStatusCode: 400 } }),
    ],
    ['a target that answers 500', named('HttpError', { status: 500 })],
    ['a target that asks to slow down', named('HttpError', { status: 429 })],
    [
      'an AWS API that throttles',
      named('ThrottlingException', { $metadata: { httpStatusCode: 400 } }),
    ],
  ])('%s has the event delivered again', async (_name, error) => {
    const { queue, run } = setUp(() => {
      throw error;
    });
    expect((await run(batch(record('1')))).batchItemFailures).toHaveLength(1);
    expect(queue.deadLetters).toEqual([]);
  });

  test('waits longer each time, up to a quarter of an hour', async () => {
    process.env.MAX_RECEIVE_COUNT = '100';
    const { queue, run } = setUp(() => {
      throw new Error('?');
    });
    for (const receiveCount of [1, 2, 3, 4, 20]) await run(batch(record('1', receiveCount)));
    const pauses = queue.postponed.map(({ seconds }) => seconds);
    [5, 10, 20, 40, 900].forEach((longest, index) => {
      expect(pauses[index]).toBeGreaterThanOrEqual(Math.floor(longest / 2));
      expect(pauses[index]).toBeLessThanOrEqual(longest);
    });
  });

  test('becomes a dead letter with its reason on the last try', async () => {
    const { queue, run } = setUp(() => {
      throw named('TimeoutError');
    });
    expect((await run(batch(record('1', 4)))).batchItemFailures).toHaveLength(1);
    expect((await run(batch(record('1', 5)))).batchItemFailures).toEqual([]);
    expect(queue.deadLetters[0]?.reason).toEqual({ reason: 'exhausted', error: 'TimeoutError' });
  });

  test('is given back when even the dead-letter queue refuses: SQS itself gives up on it then', async () => {
    const { queue, run } = setUp(() => {
      throw new PermanentError('never');
    });
    queue.isDown = true;
    expect((await run(batch(record('1')))).batchItemFailures).toHaveLength(1);
  });
});

describe('an idempotent consumer', () => {
  const timeoutMs = 30_000;
  let now = 0;
  let effects: string[] = [];
  let claims: FakeClaims;
  beforeEach(() => {
    now = 1_000_000;
    effects = [];
    claims = new FakeClaims();
  });
  const idempotent = (
    handle: Handle<'message'> = ({ meta }) => {
      effects.push(meta.id);
    },
    options: ConsumeOptions<'message'> = {},
  ) => setUp(handle, { once: new Once(claims, timeoutMs, () => now), ...options });

  test('has one effect for each id, however often it is delivered', async () => {
    const { run } = idempotent();
    await run(batch(record('a'), record('b')));
    await run(batch(record('a', 2), record('b', 2), record('a', 3)));
    expect(effects).toEqual(['a', 'b']);
  });

  test('has it once when the same event is delivered twice in one batch', async () => {
    const { run } = idempotent();
    const first = await run(batch(record('a'), record('a')));
    expect(effects).toEqual(['a']);
    expect(first.batchItemFailures.length).toBeLessThanOrEqual(1);
  });

  test('does a replayed event again, once for each replay', async () => {
    const { run } = idempotent();
    const replayed = (name: string) =>
      record('a', 1, { body: JSON.stringify({ 'replay-name': name, ...JSON.parse(event('a')) }) });
    await run(batch(record('a')));
    await run(batch(replayed('first')));
    await run(batch(replayed('first')));
    await run(batch(replayed('second')));
    expect(effects).toEqual(['a', 'a', 'a']);
  });

  test('tries again what threw', async () => {
    let fails = true;
    const { run } = idempotent(({ meta }) => {
      if (fails) throw new Error('?');
      effects.push(meta.id);
    });
    await run(batch(record('a')));
    fails = false;
    await run(batch(record('a', 2)));
    expect(effects).toEqual(['a']);
  });

  test('does not do again what a killed function may have done: that waits as in doubt', async () => {
    claims.items.set('a', { done: false, at: now });
    now += timeoutMs + 1;
    const { queue, run } = idempotent();
    expect((await run(batch(record('a', 2)))).batchItemFailures).toEqual([]);
    expect(effects).toEqual([]);
    expect(queue.deadLetters[0]?.reason.reason).toBe('in-doubt');
  });

  test('lets an event alone that another function is at, and looks again later', async () => {
    claims.items.set('a', { done: false, at: now });
    now += timeoutMs - 1;
    const { queue, run } = idempotent();
    expect((await run(batch(record('a', 2)))).batchItemFailures).toHaveLength(1);
    expect([effects, queue.deadLetters]).toEqual([[], []]);
  });

  test('does what a person has sent again on purpose', async () => {
    claims.items.set('a', { done: false, at: now });
    now += timeoutMs + 1;
    const { run } = idempotent();
    const messageAttributes = { 'fanout.redrive': { dataType: 'String', stringValue: '1' } };
    await run(batch(record('a', 1, { messageAttributes })));
    expect(effects).toEqual(['a']);
  });

  test.each([
    [true, []],
    [false, ['a']],
  ])('that can find out whether it was done (%s) needs no person', async (done, expected) => {
    claims.items.set('a', { done: false, at: now });
    now += timeoutMs + 1;
    const { run } = idempotent(undefined, { wasDone: async () => done });
    expect((await run(batch(record('a', 2)))).batchItemFailures).toEqual([]);
    expect(effects).toEqual(expected);
    await run(batch(record('a', 3)));
    expect(effects).toEqual(expected);
  });
});
