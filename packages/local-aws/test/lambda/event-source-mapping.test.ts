import { afterEach, describe, expect, test } from '@jest/globals';
import { SteppedClock } from '../../src/clock.ts';
import { EventSourceMapping } from '../../src/lambda/event-source-mapping/event-source-mapping.ts';
import type { MappingSettings } from '../../src/lambda/event-source-mapping/mapping-settings.ts';
import { TooManyRequests } from '../../src/lambda/function-settings.ts';
import { FakeQueue } from './fake-queue.ts';

type Result = { readonly payload: string; readonly functionError?: string };
type Records = readonly { readonly messageId: string; readonly body: string }[];

const queueArn = 'arn:aws:sqs:eu-central-1:123456789012:orders';
const success: Result = { payload: 'null' };
const errorResult: Result = { payload: '{"errorType":"Error"}', functionError: 'Unhandled' };
const partial = { functionResponseTypes: ['ReportBatchItemFailures'] };

const mappings: EventSourceMapping[] = [];
afterEach(async () => {
  await Promise.all(mappings.splice(0).map((mapping) => mapping.stop()));
});

/** A mapping to a function that the test defines, and the batches that it received. */
function mapTo(
  run: (records: Records, batch: number) => Result | Promise<Result>,
  settings: Partial<MappingSettings> = {},
  visibilitySeconds = 30,
) {
  const clock = new SteppedClock();
  const queue = new FakeQueue(clock, visibilitySeconds * 1000);
  const batches: string[][] = [];
  const reported: string[] = [];
  const start = () => {
    const mapping = new EventSourceMapping(
      { functionName: 'orders', eventSourceArn: queueArn, ...settings },
      {
        clock,
        queues: queue,
        invoke: async (_name, event) => {
          const { Records } = JSON.parse(event) as { Records: Records };
          batches.push(Records.map(({ body }) => body));
          return run(Records, batches.length);
        },
        compileFilter: (pattern) => (record) => JSON.stringify(record).includes(pattern),
        defaultConcurrency: 3,
        batches: {
          batchStarted: ({ records }) =>
            reported.push(`started ${records.map(({ body }) => body)}`),
          batchFinished: ({ records }, failed, error) => {
            const stay = records.filter(({ messageId }) => failed.has(messageId));
            reported.push(`${error ?? 'returned'}, left ${stay.map(({ body }) => body)}`);
          },
        },
      },
    );
    mappings.push(mapping);
    return mapping;
  };
  return { clock, queue, batches, reported, start };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

describe('a mapping', () => {
  test('calls the function with a message at once and deletes it when it was processed', async () => {
    const { clock, queue, batches, start } = mapTo(() => success);
    start();
    await clock.advance(5_000);
    queue.send('order');
    await clock.advance(0);
    expect(batches).toEqual([['order']]);
    expect(queue.messages).toEqual([]);
  });

  test('waits by long polling: an empty queue is polled three times a minute', async () => {
    const { clock, queue, start } = mapTo(() => success);
    start();
    await clock.advance(60_000);
    expect(queue.receives).toBeLessThanOrEqual(4);
  });

  test('leaves the messages of a failed batch in the queue, where they become visible again', async () => {
    const { clock, queue, batches, start } = mapTo((_records, batch) =>
      batch === 1 ? errorResult : success,
    );
    start();
    queue.send('a', 'b');
    await clock.advance(29_000);
    expect(batches).toEqual([['a', 'b']]);
    await clock.advance(2_000);
    expect(batches).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(queue.messages).toEqual([]);
  });

  test('reports the result of each batch to the observer', async () => {
    const { clock, queue, reported, start } = mapTo((records, batch) => {
      if (batch === 3) {
        throw new TooManyRequests('ConcurrentInvocationLimitExceeded');
      }
      return batch === 1
        ? errorResult
        : {
            payload: JSON.stringify({
              batchItemFailures: [{ itemIdentifier: records[0]?.messageId }],
            }),
          };
    }, partial);
    start();
    queue.send('a', 'b');
    await clock.advance(80_000);
    expect(reported.slice(0, 6)).toEqual([
      'started a,b',
      'Unhandled, left a,b',
      'started a,b',
      'returned, left a',
      'started a',
      'Lambda refused the invocation, left a',
    ]);
  });

  test('takes as many messages as a batch may have', async () => {
    const { clock, queue, batches, start } = mapTo(() => success, { batchSize: 4 });
    queue.send(...numbers(10));
    start();
    await clock.advance(0);
    expect(batches.map(({ length }) => length)).toEqual([4, 4, 2]);
  });

  test('that is stopped lets the function finish and receives no more messages', async () => {
    const { promise, resolve } = Promise.withResolvers<Result>();
    const { clock, queue, batches, start } = mapTo(() => promise);
    const mapping = start();
    queue.send('a');
    await clock.advance(0);
    let stopped = false;
    const stopping = mapping.stop().then(() => {
      stopped = true;
    });
    queue.send('b');
    await clock.advance(1_000);
    expect(stopped).toBe(false);
    resolve(success);
    await stopping;
    expect(batches).toEqual([['a']]);
    expect(queue.bodies).toEqual(['b']);
  });

  test('makes messages visible again that arrived while it was stopped', async () => {
    const { clock, queue, batches, start } = mapTo(() => success, {
      maximumBatchingWindowSeconds: 60,
    });
    const mapping = start();
    queue.send('a');
    await clock.advance(1_000);
    await mapping.stop();
    expect(batches).toEqual([]);
    expect(queue.messages).toMatchObject([{ body: 'a', visibleAt: clock.now() }]);
  });

  test('retries with pauses when the queue cannot be read', async () => {
    const { clock, queue, batches, start } = mapTo(() => success);
    queue.failing = true;
    start();
    await clock.advance(60_000);
    expect(queue.receives).toBeLessThan(10);
    queue.failing = false;
    queue.send('a');
    await clock.advance(61_000);
    expect(batches).toEqual([['a']]);
  });
});

describe('a batching window', () => {
  test('collects messages until it is over', async () => {
    const { clock, queue, batches, start } = mapTo(() => success, {
      maximumBatchingWindowSeconds: 5,
    });
    start();
    for (const body of ['a', 'b', 'c']) {
      queue.send(body);
      await clock.advance(1_500);
    }
    expect(batches).toEqual([]);
    await clock.advance(500);
    expect(batches).toEqual([['a', 'b', 'c']]);
  });

  test('ends at once when the batch is full, with more than ten messages too', async () => {
    const { clock, queue, batches, start } = mapTo(
      () => success,
      {
        batchSize: 25,
        maximumBatchingWindowSeconds: 300,
      },
      3_600,
    );
    queue.send(...numbers(30));
    start();
    await clock.advance(0);
    expect(batches).toEqual([numbers(25)]);
    await clock.advance(300_000);
    expect(batches[1]).toEqual(['26', '27', '28', '29', '30']);
  });

  test('ends when the messages reach the size limit of one call', async () => {
    const { clock, queue, batches, start } = mapTo(
      () => success,
      {
        batchSize: 100,
        maximumBatchingWindowSeconds: 300,
      },
      3_600,
    );
    queue.send(...numbers(30).map((n) => n + 'x'.repeat(500_000)));
    start();
    await clock.advance(300_000);
    expect(batches.flat()).toHaveLength(30);
    expect(Math.max(...batches.map(({ length }) => length))).toBe(12);
  });
});

test('ten messages of 1 MB, more than one call can carry, are split into several calls', async () => {
  const { clock, queue, batches, start } = mapTo(() => success);
  queue.send(...numbers(10).map((n) => n + '"'.repeat(1_000_000)));
  start();
  await clock.advance(0);
  expect(batches.map(({ length }) => length)).toEqual([3, 3, 3, 1]);
  expect(queue.messages).toEqual([]);
});

describe('a report of failed items', () => {
  const failing =
    (...bodies: string[]) =>
    (records: Records) => ({
      payload: JSON.stringify({
        batchItemFailures: records
          .filter(({ body }) => bodies.includes(body))
          .map(({ messageId }) => ({ itemIdentifier: messageId })),
      }),
    });

  test('keeps these in the queue and deletes the others', async () => {
    const { clock, queue, start } = mapTo(failing('b'), partial);
    queue.send('a', 'b', 'c');
    start();
    await clock.advance(0);
    expect(queue.bodies).toEqual(['b']);
  });

  test('is ignored if the mapping does not enable it', async () => {
    const { clock, queue, start } = mapTo(failing('b'));
    queue.send('a', 'b', 'c');
    start();
    await clock.advance(0);
    expect(queue.bodies).toEqual([]);
  });
});

describe('filters', () => {
  test('delete messages that match none, and call the function with the others', async () => {
    const { clock, queue, batches, start } = mapTo(() => success, {
      filterPatterns: ['"kind":"order"', 'urgent'],
    });
    queue.send('{"kind":"order","n":1}', '{"kind":"ad"}', 'urgent text');
    start();
    await clock.advance(0);
    expect(batches).toEqual([['{"kind":"order","n":1}', 'urgent text']]);
    expect(queue.messages).toEqual([]);
  });

  test('that match no message do not call the function', async () => {
    const { clock, queue, batches, start } = mapTo(() => success, { filterPatterns: ['urgent'] });
    queue.send('a', 'b');
    start();
    await clock.advance(0);
    expect(batches).toEqual([]);
    expect(queue.messages).toEqual([]);
  });
});

describe('concurrency', () => {
  /** A function that answers when the test lets it. */
  function heldFunction(settings: Partial<MappingSettings> = {}) {
    const held: ((result: Result) => void)[] = [];
    const mapped = mapTo(() => new Promise<Result>((resolve) => held.push(resolve)), {
      batchSize: 1,
      ...settings,
    });
    return { ...mapped, held };
  }

  test('grows while the function is slower than the queue, up to the limit', async () => {
    const { clock, queue, batches, start, held } = heldFunction();
    queue.send(...numbers(10));
    start();
    await clock.advance(0);
    expect(batches).toHaveLength(1);
    await clock.advance(1_000);
    expect(batches).toHaveLength(3);
    for (const answer of held.splice(0)) {
      answer(success);
    }
    await clock.advance(0);
    expect(batches).toHaveLength(6);
    for (let round = 0; round < 10; round += 1) {
      for (const answer of held.splice(0)) {
        answer(success);
      }
      await clock.advance(10);
    }
    expect(batches.flat()).toEqual(numbers(10));
  });

  test("grows up to the mapping's own limit if it has one", async () => {
    const { clock, queue, batches, start, held } = heldFunction({ maximumConcurrency: 5 });
    queue.send(...numbers(10));
    start();
    await clock.advance(5_000);
    expect(batches).toHaveLength(5);
    while (held.length > 0) {
      for (const answer of held.splice(0)) {
        answer(success);
      }
      await clock.advance(0);
    }
  });

  test('holds no message back while it waits for the function', async () => {
    const { clock, queue, start, held } = heldFunction();
    queue.send(...numbers(10));
    start();
    await clock.advance(1_000);
    expect(queue.messages.filter(({ receives }) => receives > 0)).toHaveLength(3);
    while (held.length > 0) {
      for (const answer of held.splice(0)) {
        answer(success);
      }
      await clock.advance(0);
    }
  });
});

describe('a function that is throttled', () => {
  test('gets the messages again after their visibility timeout', async () => {
    const { clock, queue, batches, start } = mapTo((_records, batch) => {
      if (batch === 1) {
        throw new TooManyRequests('ReservedFunctionConcurrentInvocationLimitExceeded');
      }
      return success;
    });
    queue.send('a');
    start();
    await clock.advance(0);
    expect(queue.bodies).toEqual(['a']);
    await clock.advance(35_000);
    expect(batches).toEqual([['a'], ['a']]);
    expect(queue.messages).toEqual([]);
  });

  test('does not get more and more messages in the meantime', async () => {
    const { clock, queue, batches, start } = mapTo(
      () => {
        throw new TooManyRequests('ReservedFunctionConcurrentInvocationLimitExceeded');
      },
      { batchSize: 1 },
    );
    queue.send(...numbers(1000));
    start();
    await clock.advance(60_000);
    expect(batches.length).toBeLessThan(20);
  });
});
