import { afterEach, describe, expect, test } from '@jest/globals';
import { SteppedClock } from '../../src/clock.ts';
import type { AsyncInvokeSettings } from '../../src/lambda/function-settings.ts';
import { AsyncInvocations } from '../../src/lambda/invoke/async-invocations.ts';
import type { Outcome } from '../../src/lambda/invoke/invocation.ts';
import { openStore } from '../../src/store.ts';
import { arnOf, LocalFunctions, until } from './local-functions.ts';

const success: Outcome = { payload: 'null' };
const errorResult: Outcome = { payload: '{"errorType":"Error"}', functionError: 'Unhandled' };
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A queue with a function that the test defines, and the minutes at which it was called. */
function queueOf(
  run: (attempt: number) => Outcome | Promise<Outcome>,
  settings: AsyncInvokeSettings = {},
  store = openStore(),
) {
  const clock = new SteppedClock();
  const start = clock.now();
  const minutes: number[] = [];
  const events = new AsyncInvocations(store, clock, {
    run: async () => {
      minutes.push((clock.now() - start) / minuteMs);
      return run(minutes.length);
    },
    settings: () => settings,
  });
  const add = (payload = '{"n":1}') => events.add(arnOf('f'), 'request-1', payload);
  return { clock, events, minutes, add, store };
}

describe('an asynchronous invocation', () => {
  test('that succeeds runs once', async () => {
    const { add, clock, events, minutes } = queueOf(() => success);
    add();
    await clock.advance(24 * hourMs);
    expect(minutes).toEqual([0]);
    expect(events.pending()).toBe(0);
  });

  test('that fails runs again after one minute and after two more, and then fails finally', async () => {
    const { add, clock, events, minutes } = queueOf(() => errorResult);
    add();
    await clock.advance(24 * hourMs);
    expect(minutes).toEqual([0, 1, 3]);
    expect(events.pending()).toBe(0);
  });

  test('is retried as often as its function is configured', async () => {
    const { add, clock, minutes } = queueOf(() => errorResult, { maximumRetryAttempts: 0 });
    add();
    await clock.advance(24 * hourMs);
    expect(minutes).toEqual([0]);
  });

  test('that is throttled is retried for six hours, at growing intervals', async () => {
    const { add, clock, events, minutes } = queueOf(() => Promise.reject(new Error('throttled')));
    add();
    await clock.advance(24 * hourMs);
    expect(events.pending()).toBe(0);
    expect(minutes.slice(0, 4).map((minute) => minute * 60)).toEqual([0, 1, 3, 7]);
    expect(minutes.at(-1)).toBeLessThanOrEqual(360);
    expect(minutes.at(-1)).toBeGreaterThan(350);
  });

  test('that was throttled keeps its retries', async () => {
    const { add, clock, minutes } = queueOf((attempt) =>
      attempt === 1 ? Promise.reject(new Error('throttled')) : errorResult,
    );
    add();
    await clock.advance(24 * hourMs);
    expect(minutes).toHaveLength(4);
  });

  test('that fails finally goes to the on-failure destination, with its full record', async () => {
    const records: string[] = [];
    const { add, clock } = queueOf(() => errorResult, {
      onFailure: (record) => void records.push(record),
    });
    add('{"n":1}');
    await clock.advance(hourMs);
    expect(records.map((record) => JSON.parse(record))).toEqual([
      {
        version: '1.0',
        timestamp: '2026-01-01T00:03:00.000Z',
        requestContext: {
          requestId: 'request-1',
          functionArn: `${arnOf('f')}:$LATEST`,
          condition: 'RetriesExhausted',
          approximateInvokeCount: 3,
        },
        requestPayload: { n: 1 },
        responseContext: {
          statusCode: 200,
          executedVersion: '$LATEST',
          functionError: 'Unhandled',
        },
        responsePayload: { errorType: 'Error' },
      },
    ]);
  });

  test('that succeeds goes to the on-success destination, with what the function returned', async () => {
    const records: string[] = [];
    const { add, clock, events } = queueOf((attempt) => (attempt === 1 ? errorResult : success), {
      onSuccess: (record) => void records.push(record),
    });
    add('{"n":1}');
    await clock.advance(hourMs);
    expect(records.map((record) => JSON.parse(record))).toEqual([
      {
        version: '1.0',
        timestamp: '2026-01-01T00:01:00.000Z',
        requestContext: {
          requestId: 'request-1',
          functionArn: `${arnOf('f')}:$LATEST`,
          condition: 'Success',
          approximateInvokeCount: 2,
        },
        requestPayload: { n: 1 },
        responseContext: { statusCode: 200, executedVersion: '$LATEST' },
        responsePayload: JSON.parse((await success).payload),
      },
    ]);
    expect(events.pending()).toBe(0);
  });

  test('that succeeds does not run again when its destination refuses the record', async () => {
    const { add, clock, events, minutes } = queueOf(() => success, {
      onSuccess: () => Promise.reject(new Error('no queue')),
    });
    add();
    await clock.advance(24 * hourMs);
    expect([minutes.length, events.pending()]).toEqual([1, 0]);
  });

  test('is kept while its destination refuses it', async () => {
    let refuse = true;
    const { add, clock, events } = queueOf(() => errorResult, {
      maximumRetryAttempts: 0,
      onFailure: () => {
        if (refuse) {
          throw new Error('no queue');
        }
      },
    });
    add();
    await clock.advance(minuteMs);
    expect(events.pending()).toBe(1);
    refuse = false;
    await clock.advance(24 * hourMs);
    expect(events.pending()).toBe(0);
  });

  test('many run at the same time, and all run', async () => {
    let running = 0;
    let max = 0;
    const { add, clock, events, minutes } = queueOf(async () => {
      running += 1;
      max = Math.max(max, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return success;
    });
    for (let n = 0; n < 100; n += 1) {
      add();
    }
    while (events.pending() > 0) {
      await clock.advance(1);
    }
    expect(minutes).toHaveLength(100);
    expect(max).toBe(10);
  });

  test('that was interrupted by the end of the program runs again after the next start', async () => {
    const store = openStore();
    const first = queueOf(() => new Promise(() => {}), {}, store);
    first.add();
    await first.clock.advance(1);
    first.events.close();
    const second = queueOf(() => success, {}, store);
    second.events.resume(arnOf('f'));
    await second.clock.advance(1);
    expect(second.minutes).toHaveLength(1);
    expect(second.events.pending()).toBe(0);
  });

  test('of a deleted function is deleted', async () => {
    const { add, clock, events, minutes } = queueOf(() => errorResult);
    add();
    await clock.advance(1);
    events.discard(arnOf('f'));
    await clock.advance(hourMs);
    expect(minutes).toHaveLength(1);
    expect(events.pending()).toBe(0);
  });
});

describe('an event for a real function', () => {
  let functions: LocalFunctions;
  afterEach(() => functions.close());

  test('is accepted at once and runs after that, with the same request id at each attempt', async () => {
    functions = new LocalFunctions();
    functions.add(
      'flaky',
      'let n = 0; export const handler = async (event, context) => { n += 1; console.log(context.awsRequestId, JSON.stringify(event)); if (n < 3) throw new Error(); };',
    );
    const result = await functions.service.invoke('flaky', '{"a":1}', { type: 'Event' });
    expect(result).toMatchObject({ statusCode: 202, payload: '' });
    const attempts = () =>
      functions.log('function').match(new RegExp(`INFO\t${result.requestId} \\{"a":1\\}`, 'g')) ??
      [];
    await until(() => attempts().length === 1);
    for (const count of [2, 3]) {
      // Little by little: an attempt takes real time, and after six hours on this clock the event is dropped.
      while (attempts().length < count) {
        await functions.clock.advance(1_000);
      }
    }
    await until(() => functions.service.pendingEvents() === 0);
    expect(attempts()).toHaveLength(3);
  });
});
