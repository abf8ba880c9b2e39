import type { PutEventsRequestEntry, PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type PutEvents, publish } from '../../../lambdas/runtime/publish.ts';

const entries = (count: number): PutEventsRequestEntry[] =>
  Array.from({ length: count }, (_, index) => ({ Detail: String(index) }));

/** A clock that moves only when publish waits. */
function options(budgetMs = 1_000) {
  let now = 0;
  return {
    budgetMs,
    now: () => now,
    wait: async (ms: number) => {
      now += ms;
    },
    random: () => 0.5,
  };
}

const accept = (): PutEventsResultEntry => ({ EventId: 'id' });
const refuse = (ErrorCode: string): PutEventsResultEntry => ({ ErrorCode, ErrorMessage: 'no' });

describe('publishing', () => {
  test('one call has at most ten entries', async () => {
    const calls: number[] = [];
    const putEvents: PutEvents = async (sent) => {
      calls.push(sent.length);
      return sent.map(accept);
    };
    expect(await publish(entries(23), putEvents, options())).toEqual([]);
    expect(calls).toEqual([10, 10, 3]);
  });

  test('entries that are too large for one call are sent in several', async () => {
    const calls: number[] = [];
    const putEvents: PutEvents = async (sent) => {
      calls.push(sent.length);
      return sent.map(accept);
    };
    const large = { Detail: 'x'.repeat(450_000) };
    await publish([large, large, large, ...entries(3)], putEvents, options());
    expect(calls).toEqual([2, 4]);
  });

  test('only refused entries are sent again', async () => {
    const calls: (string | undefined)[][] = [];
    const putEvents: PutEvents = async (sent) => {
      calls.push(sent.map(({ Detail }) => Detail));
      return sent.map(({ Detail }) =>
        calls.length === 1 && Detail === '1' ? refuse('ThrottlingException') : accept(),
      );
    };
    expect(await publish(entries(3), putEvents, options())).toEqual([]);
    expect(calls).toEqual([['0', '1', '2'], ['1']]);
  });

  test('an entry with a permanent error is returned at once', async () => {
    let calls = 0;
    const putEvents: PutEvents = async (sent) => {
      calls++;
      return sent.map(() => refuse('NotAuthorizedForSourceException'));
    };
    const refused = await publish(entries(1), putEvents, options());
    expect(refused.map(({ code }) => code)).toEqual(['NotAuthorizedForSourceException']);
    expect(calls).toBe(1);
  });

  test('a failed call is retried until the time budget is used up', async () => {
    let calls = 0;
    const putEvents: PutEvents = async () => {
      calls++;
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    };
    const refused = await publish(entries(2), putEvents, options(1_000));
    expect(refused.map(({ code }) => code)).toEqual(['InternalFailure', 'InternalFailure']);
    expect(calls).toBe(6);
  });

  test('a call without permission is not retried', async () => {
    let calls = 0;
    const putEvents: PutEvents = async () => {
      calls++;
      throw Object.assign(new Error(), {
        name: 'AccessDeniedException',
        $metadata: { httpStatusCode: 400 },
      });
    };
    expect(await publish(entries(1), putEvents, options())).toMatchObject([
      { code: 'AccessDeniedException' },
    ]);
    expect(calls).toBe(1);
  });

  test('a response with fewer results than entries loses no entry', async () => {
    const putEvents: PutEvents = async () => [accept()];
    const refused = await publish(entries(3), putEvents, options(0));
    expect(refused.map(({ entry }) => entry.Detail)).toEqual(['1', '2']);
  });

  test('for any responses, each entry is either accepted once or returned', async () => {
    const result = fc.constantFrom(
      'ok',
      'ThrottlingException',
      'InternalFailure',
      'MalformedDetail',
    );
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 25 }), fc.array(result), async (count, results) => {
        const taken = new Map<string, number>();
        let at = 0;
        const putEvents: PutEvents = async (sent) =>
          sent.map(({ Detail = '' }) => {
            const next = results[at++] ?? 'ok';
            if (next !== 'ok') {
              return refuse(next);
            }
            taken.set(Detail, (taken.get(Detail) ?? 0) + 1);
            return accept();
          });
        const refused = await publish(entries(count), putEvents, options(300));
        const all = [...taken.keys(), ...refused.map(({ entry }) => entry.Detail)].map(Number);
        expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        expect([...taken.values()].every((times) => times === 1)).toBe(true);
      }),
    );
  });
});
