import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import fc from 'fast-check';
import { PermanentError } from '../../../lambdas/runtime/classify-error.ts';
import { type ConsumeOptions, consume, type Handle } from '../../../lambdas/runtime/consume.ts';
import type { ConsumerQueue, DeadLetterReason } from '../../../lambdas/runtime/consumer-queue.ts';
import { log } from '../../../lambdas/runtime/log.ts';
import { idempotencyRecords, Once } from '../../../lambdas/runtime/once.ts';
import { clientWith, createIdTable, type Fate } from '../in-process-table.ts';

const event = (id: string, data: object = {}) =>
  JSON.stringify({ detail: { meta: { id, type: 'message', category: 'messages' }, data } });

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

  async sendToDeadLetterQueue({ messageId }: SQSRecord, reason: DeadLetterReason) {
    if (this.isDown) {
      throw new Error('down');
    }
    this.deadLetters.push({ messageId, reason });
  }

  async postpone({ messageId }: SQSRecord, seconds: number) {
    if (this.isDown) {
      throw new Error('down');
    }
    this.postponed.push({ messageId, seconds });
  }
}

function setUp(handle: Handle<'message'>, options: ConsumeOptions<'message'> = {}) {
  const queue = new FakeQueue();
  return { queue, run: consume(handle, { queue, once: undefined, ...options }) };
}

test('the log lines of an event without a trace have that of its message', async () => {
  const lines: unknown[] = [];
  jest.spyOn(console, 'info').mockImplementation((line) => {
    lines.push(line);
  });
  const { run } = setUp(() => log.info('handled', {}));
  const AWSTraceHeader =
    'Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7;Sampled=0';
  const attributes = { ApproximateReceiveCount: '1', AWSTraceHeader } as SQSRecord['attributes'];
  await run(batch(record('a', 1, { attributes })));
  expect(lines).toMatchObject([{ id: 'a', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' }]);
});

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

describe('an event that the pipeline did not publish', () => {
  const detail = { meta: { id: 'e1', type: 'message', category: 'messages' }, data: {} };
  const given = async (message: object) => {
    const handle = jest.fn<Handle<'message'>>();
    const { queue, run } = setUp(handle);
    const body = JSON.stringify({
      source: 'whatsapp',
      account: '111111111111',
      detail,
      ...message,
    });
    await run(batch(record('e1', 1, { body })));
    return {
      calls: handle.mock.calls.length,
      reasons: queue.deadLetters.map((each) => each.reason),
    };
  };

  beforeEach(() => {
    process.env.BUS_ACCOUNT = '111111111111';
  });
  afterEach(() => {
    delete process.env.BUS_ACCOUNT;
  });

  test('goes to the dead-letter queue at once where another account put it on the bus', async () => {
    expect(await given({})).toEqual({ calls: 1, reasons: [] });
    expect(await given({ account: '222222222222' })).toEqual({
      calls: 0,
      reasons: [{ reason: 'permanent', error: 'OtherAccountError' }],
    });
  });

  test('goes there too where it has another source', async () => {
    expect(await given({ source: 'other' })).toEqual({
      calls: 0,
      reasons: [{ reason: 'permanent', error: 'NotAWhatsAppEventError' }],
    });
  });

  test('goes there too at the end of a chain of consumers that publish because of one another', async () => {
    const withHops = (hops: number) => ({ detail: { ...detail, meta: { ...detail.meta, hops } } });
    expect(await given(withHops(8))).toEqual({ calls: 1, reasons: [] });
    expect(await given(withHops(9))).toEqual({
      calls: 0,
      reasons: [{ reason: 'permanent', error: 'TooManyHopsError' }],
    });
  });
});

describe('a batch', () => {
  test('with a poison message processes the other messages', async () => {
    const handled: string[] = [];
    const { run } = setUp(({ meta }) => {
      if (meta.id === '4') {
        throw new Error('poison');
      }
      handled.push(meta.id);
    });
    const ids = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
    const { batchItemFailures } = await run(batch(...ids.map((id) => record(id))));
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'message-4' }]);
    expect(handled).toEqual(ids.filter((id) => id !== '4'));
  });

  test('reports the latency of each event in one metric, except for replayed and redriven events', async () => {
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

  test('reports exactly the failed events for redelivery', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 10 }), async (fails) => {
        const { run } = setUp(({ meta }) => {
          if (fails[Number(meta.id)]) {
            throw new Error('now and then');
          }
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

describe('a permanent error', () => {
  test.each([
    ['a PermanentError', new PermanentError('no such account')],
    ['a payload of the wrong shape', named('ValiError')],
    ['a target that answers 404', named('HttpError', { status: 404 })],
    ['an AWS API that answers 400', named('BadRequest', { $metadata: { httpStatusCode: 400 } })],
  ])(
    '%s moves the event to the dead-letter queue at once, with the reason',
    async (_name, error) => {
      const { queue, run } = setUp(() => {
        throw error;
      });
      expect(await run(batch(record('1')))).toEqual({ batchItemFailures: [] });
      expect(queue.deadLetters).toEqual([
        { messageId: 'message-1', reason: { reason: 'permanent', error: error.name } },
      ]);
    },
  );

  test('of a message that is not an event sends it to the dead-letter queue at once', async () => {
    const { queue, run } = setUp(() => {});
    await run(batch(record('1', 1, { body: 'Hello?' })));
    expect(queue.deadLetters[0]?.reason).toEqual({
      reason: 'permanent',
      error: 'NotAWhatsAppEventError',
    });
  });
});

describe('a temporary error', () => {
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
  ])('%s causes a redelivery of the event', async (_name, error) => {
    const { queue, run } = setUp(() => {
      throw error;
    });
    expect((await run(batch(record('1')))).batchItemFailures).toHaveLength(1);
    expect(queue.deadLetters).toEqual([]);
  });

  test('postpones the event longer each time, up to 15 minutes', async () => {
    process.env.MAX_RECEIVE_COUNT = '100';
    const { queue, run } = setUp(() => {
      throw new Error('?');
    });
    for (const receiveCount of [1, 2, 3, 4, 20]) {
      await run(batch(record('1', receiveCount)));
    }
    const pauses = queue.postponed.map(({ seconds }) => seconds);
    [5, 10, 20, 40, 900].forEach((max, index) => {
      expect(pauses[index]).toBeGreaterThanOrEqual(Math.floor(max / 2));
      expect(pauses[index]).toBeLessThanOrEqual(max);
    });
  });

  test('sends the event to the dead-letter queue with the reason after the last attempt', async () => {
    const { queue, run } = setUp(() => {
      throw named('TimeoutError');
    });
    expect((await run(batch(record('1', 4)))).batchItemFailures).toHaveLength(1);
    expect((await run(batch(record('1', 5)))).batchItemFailures).toEqual([]);
    expect(queue.deadLetters[0]?.reason).toEqual({ reason: 'exhausted', error: 'TimeoutError' });
  });

  test('leaves the event to SQS if the dead-letter queue refuses it', async () => {
    const { queue, run } = setUp(() => {
      throw new PermanentError('never');
    });
    queue.isDown = true;
    expect((await run(batch(record('1')))).batchItemFailures).toHaveLength(1);
  });
});

/** The context of an invocation with the default timeout. */
const context = { getRemainingTimeInMillis: () => 30_000 };

/** Lets the time of {@link context} pass, except for its last second. */
const passTime = () => jest.advanceTimersByTimeAsync(29_000);

describe('an event whose handler does not end', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('is delivered again, and at last goes to the dead-letter queue with the reason; others are handled once', async () => {
    const handled: string[] = [];
    const { queue, run } = setUp(({ meta }) => {
      handled.push(meta.id);
      return meta.id === 'hangs' ? new Promise(() => {}) : undefined;
    });
    const first = run(batch(record('a'), record('hangs'), record('b')), context);
    await passTime();
    expect((await first).batchItemFailures).toEqual([{ itemIdentifier: 'message-hangs' }]);
    expect(queue.postponed).toMatchObject([{ messageId: 'message-hangs' }]);
    const last = run(batch(record('hangs', 5)), context);
    await passTime();
    expect((await last).batchItemFailures).toEqual([]);
    expect(handled).toEqual(['a', 'hangs', 'b', 'hangs']);
    expect(queue.deadLetters).toEqual([
      { messageId: 'message-hangs', reason: { reason: 'exhausted', error: 'TimeoutError' } },
    ]);
  });

  test('has a signal that is aborted then, by which its work can end', async () => {
    let reason: unknown;
    const { run } = setUp((_event, { signal }) => {
      signal.addEventListener('abort', () => {
        reason = signal.reason;
      });
      return new Promise(() => {});
    });
    const running = run(batch(record('a')), context);
    await jest.advanceTimersByTimeAsync(27_000);
    expect(reason).toBeUndefined();
    await passTime();
    expect(reason).toMatchObject({ name: 'TimeoutError' });
    await running;
  });

  test('does not fail after the others have: no timer remains when a batch is done', async () => {
    let signal: AbortSignal | undefined;
    const { run } = setUp((_event, delivery) => {
      signal = delivery.signal;
    });
    await run(batch(record('a')), context);
    expect(jest.getTimerCount()).toBe(0);
    expect(signal?.aborted).toBe(false);
  });
});

describe('an idempotent consumer', () => {
  const timeoutMs = 30_000;
  let now = 0;
  let effects: string[] = [];
  let tableName: string;
  beforeEach(async () => {
    now = 1_780_000_000_000;
    effects = [];
    tableName = await createIdTable();
  });
  const onceWith = (fateOf?: () => Fate) => {
    const options = { client: clientWith(fateOf), tableName, leaseMs: timeoutMs, now: () => now };
    return new Once(idempotencyRecords(options), 'messages');
  };
  const idempotent = (
    handle: Handle<'message'> = ({ meta }) => {
      effects.push(meta.id);
    },
    options: ConsumeOptions<'message'> = {},
  ) => setUp(handle, { once: onceWith(), ...options });
  /** A function that is killed in the middle of an event. */
  const killed = () =>
    new Promise<void>((begun) => {
      const { run } = idempotent(() => {
        begun();
        return new Promise(() => {});
      });
      void run(batch(record('a')));
    });

  test('has one effect for each id, however often it is delivered', async () => {
    const { run } = idempotent();
    await run(batch(record('a'), record('b')));
    await run(batch(record('a', 2), record('b', 2), record('a', 3)));
    expect(effects).toEqual(['a', 'b']);
  });

  test('has one effect if the same event is twice in one batch', async () => {
    const { run } = idempotent();
    const first = await run(batch(record('a'), record('a')));
    expect(effects).toEqual(['a']);
    expect(first.batchItemFailures.length).toBeLessThanOrEqual(1);
  });

  test('has one effect for each replay of an event', async () => {
    const { run } = idempotent();
    const replayed = (name: string) =>
      record('a', 1, { body: JSON.stringify({ 'replay-name': name, ...JSON.parse(event('a')) }) });
    await run(batch(record('a')));
    await run(batch(replayed('first')));
    await run(batch(replayed('first')));
    await run(batch(replayed('second')));
    expect(effects).toEqual(['a', 'a', 'a']);
  });

  test('handles an event again whose handler threw', async () => {
    let fails = true;
    const { run } = idempotent(({ meta }) => {
      if (fails) {
        throw new Error('?');
      }
      effects.push(meta.id);
    });
    await run(batch(record('a')));
    fails = false;
    await run(batch(record('a', 2)));
    expect(effects).toEqual(['a']);
  });

  test('sends an event to the dead-letter queue as in doubt if a killed function may have handled it', async () => {
    await killed();
    now += timeoutMs;
    const { queue, run } = idempotent();
    expect((await run(batch(record('a', 2)))).batchItemFailures).toEqual([]);
    expect(effects).toEqual([]);
    expect(queue.deadLetters[0]?.reason.reason).toBe('in-doubt');
  });

  test('postpones an event that another invocation is handling until that one has certainly ended', async () => {
    await killed();
    now += 1_500;
    const { queue, run } = idempotent();
    expect((await run(batch(record('a', 2)))).batchItemFailures).toHaveLength(1);
    now += timeoutMs - 1_501;
    expect((await run(batch(record('a', 3)))).batchItemFailures).toHaveLength(1);
    expect(queue.postponed.map(({ seconds }) => seconds)).toEqual([29, 1]);
    expect([effects, queue.deadLetters]).toEqual([[], []]);
  });

  test('needs one more delivery for the copy of an event whose handler takes long', async () => {
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const slow = idempotent(async ({ meta }) => {
      begun.resolve();
      await end.promise;
      effects.push(meta.id);
    });
    const first = slow.run(batch(record('a')));
    await begun.promise;
    const { queue, run } = idempotent();
    await run(batch(record('a')));
    expect(queue.postponed).toEqual([{ messageId: 'message-a', seconds: timeoutMs / 1_000 + 1 }]);
    end.resolve();
    await first;
    expect((await run(batch(record('a', 2)))).batchItemFailures).toEqual([]);
    expect([effects, queue.deadLetters]).toEqual([['a'], []]);
  });

  describe('whose handler does not end', () => {
    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    test('does not respond, so that Lambda ends it and no effect happens after the lease', async () => {
      let hasResponded = false;
      const { run } = idempotent(() => new Promise(() => {}));
      void run(batch(record('a')), context).then(() => {
        hasResponded = true;
      });
      await passTime();
      expect(hasResponded).toBe(false);
    });

    test('handles the event again if the handler ends by the signal', async () => {
      const waiting = idempotent(
        (_event, { signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
          }),
      );
      const first = waiting.run(batch(record('a')), context);
      await passTime();
      expect((await first).batchItemFailures).toHaveLength(1);
      const { run } = idempotent();
      await run(batch(record('a', 2)), context);
      expect(effects).toEqual(['a']);
    });
  });

  test('handles a redriven event again', async () => {
    await killed();
    now += timeoutMs;
    const { run } = idempotent();
    const messageAttributes = { 'fanout.redrive': { dataType: 'String', stringValue: '1' } };
    await run(batch(record('a', 1, { messageAttributes })));
    expect(effects).toEqual(['a']);
  });

  test.each([
    [true, []],
    [false, ['a']],
  ])('with `wasDone` (%s) does not need a person', async (done, expected) => {
    await killed();
    now += timeoutMs;
    const { run } = idempotent(undefined, { wasDone: async () => done });
    expect((await run(batch(record('a', 2)))).batchItemFailures).toEqual([]);
    expect(effects).toEqual(expected);
    await run(batch(record('a', 3)));
    expect(effects).toEqual(expected);
  });

  test('handles the same id with other content as another event', async () => {
    const { run } = idempotent(({ meta }) => {
      effects.push(meta.id);
    });
    const later = (body: string) => record('a', 1, { body: event('a', { body }) });
    await run(batch(later('queued')));
    await run(batch(later('completed')));
    await run(batch(later('completed'), later('queued')));
    expect(effects).toEqual(['a', 'a']);
  });

  test.each<[string, readonly Fate[]]>([
    ['never arrives', ['not-written', 'not-written']],
    ['is written and not answered', ['answer-lost', 'answered']],
    ['is written and not answered, and then DynamoDB is down', ['answer-lost', 'not-written']],
  ])('tries an event again of which a write that %s begun nothing', async (_how, fates) => {
    const remaining = [...fates];
    const { queue, run } = idempotent(undefined, {
      once: onceWith(() => remaining.shift() ?? 'answered'),
    });
    expect((await run(batch(record('a')))).batchItemFailures).toHaveLength(1);
    expect(effects).toEqual([]);
    now += timeoutMs;
    expect((await run(batch(record('a', 2)))).batchItemFailures).toEqual([]);
    expect([effects, queue.deadLetters]).toEqual([['a'], []]);
  });

  test('has each effect once, even if responses are lost and the SDK retries', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.boolean()), async (losses) => {
        tableName = await createIdTable();
        effects = [];
        const { run } = idempotent(undefined, {
          once: onceWith(() => (losses.next().value ? 'sent-again' : 'answered')),
        });
        for (let delivery = 1; delivery <= 3; delivery++) {
          await run(batch(record('a', delivery)));
        }
        expect(effects).toEqual(['a']);
      }),
      { numRuns: 50 },
    );
  });
});
