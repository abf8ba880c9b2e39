import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EventTypeIn } from '../../../events/catalog.ts';
import type { EventOf } from '../../../events/envelope.ts';
import { stateKey } from '../../../events/state/state-keys.ts';
import type { PutEvents } from '../../../lambdas/runtime/publish.ts';
import { callKey, callRegisters } from '../../../lambdas/state/call-registers.ts';
import {
  missedCallRecords,
  publishMissedCalls,
  readCallIn,
} from '../../../lambdas/state/publish-missed-call.ts';
import { registersOf } from '../../../lambdas/state/register.ts';
import { stateIn } from '../../../lambdas/state/state.ts';
import { clientWith } from '../in-process-table.ts';
import { createStateTable, dump, stateDb } from './in-process-dynamodb.ts';
import { ann, annHidden, bob, reported } from './reported-event.ts';

const timeoutMs = 30_000;
const ended = reported('call.rejected', { callId: 'C1', caller: ann, chat: ann }, { at: 9 });
const accepted = reported('call.accepted', { callId: 'C1' }, { at: 4 });

/** A bus that takes events, refuses them, or is gone with the function in the middle of a call. */
class FakeBus {
  readonly details: { meta: { id: string; type: string } }[] = [];
  mood: 'well' | 'refuses' | 'killed' = 'well';

  readonly put: PutEvents = async (entries) => {
    if (this.mood === 'refuses') {
      return entries.map(() => ({ ErrorCode: 'MalformedDetail' }));
    }
    this.details.push(...entries.map(({ Detail = '' }) => JSON.parse(Detail)));
    if (this.mood === 'killed') {
      await new Promise(() => {});
    }
    return entries.map(() => ({ EventId: 'e' }));
  };
}

async function start(client = stateDb, stateDays = 0) {
  const table = await createStateTable();
  const bus = new FakeBus();
  const clock = { now: 1_000_000 };
  const records = missedCallRecords(
    { client, tableName: table, leaseMs: timeoutMs, now: () => clock.now },
    stateDays,
  );
  const publish = publishMissedCalls({
    ...{ records, readCall: readCallIn(client, table) },
    ...{ busName: 'bus', putEvents: bus.put },
  });
  const state = stateIn(stateDb, table, 0);
  /** Handles an event as the consumer does. */
  const handle = async (event: EventOf<EventTypeIn<'calls'>>) => {
    await state.keep(registersOf(callRegisters, event));
    if (event.type === 'call.rejected') {
      await publish(event);
    }
  };
  return { publish, handle, bus, clock, state, records, table };
}

/** Ann before a message was received that names her phone number and her hidden id together. */
const { lid: _, ...annByPhone } = ann;

describe('a call that ended unanswered', () => {
  test('is published as missed, once, however often its end is reported', async () => {
    const { publish, bus } = await start();
    for (let times = 0; times < 3; times++) {
      await publish(ended);
    }
    expect(bus.details).toMatchObject([
      {
        meta: {
          type: 'call.missed',
          category: 'calls',
          session: 'shop',
          occurredAt: expect.any(String),
        },
        data: { callId: 'C1', caller: ann, outcome: 'missed' },
      },
    ]);
  });

  test('is published once by two simultaneous invocations; the other one is redelivered', async () => {
    const { publish, bus } = await start();
    const results = await Promise.allSettled([publish(ended), publish(ended), publish(ended)]);
    expect(bus.details).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') {
        expect(result.reason.name).toBe('InProgressError');
      }
    }
    await publish(ended);
    expect(bus.details).toHaveLength(1);
  });

  test('is published once and at once if the response to each write is lost and the SDK retries', async () => {
    const { publish, bus } = await start(clientWith(() => 'sent-again'));
    await publish(ended);
    await publish(ended);
    expect(bus.details).toHaveLength(1);
  });

  test('is not published as missed when it was accepted', async () => {
    const { publish, bus, state } = await start();
    await state.keep(registersOf(callRegisters, accepted));
    await publish(ended);
    expect(bus.details).toEqual([]);
  });

  test('is published as missed if another caller’s call with the same id was accepted', async () => {
    const { publish, bus, state } = await start();
    const ofBob = reported('call.accepted', { callId: 'C1', caller: bob }, { at: 4 });
    await state.keep(registersOf(callRegisters, ofBob));
    await publish(ended);
    expect(bus.details).toMatchObject([{ data: { caller: ann } }]);
    const hidden = reported('call.accepted', { callId: 'C2', caller: annHidden }, { at: 4 });
    await state.keep(registersOf(callRegisters, hidden));
    await publish(reported('call.rejected', { callId: 'C2', caller: annByPhone }, { at: 9 }));
    expect(bus.details).toHaveLength(1);
  });

  test('is not published as missed if this account declined it', async () => {
    const { publish, bus } = await start();
    await publish(reported('call.rejected', { callId: 'C1' }, { engine: 'WEBJS' }));
    expect(bus.details).toEqual([]);
  });

  test('is published again, with the same id, if the function was killed before it completed the record', async () => {
    const { publish, bus, clock } = await start();
    bus.mood = 'killed';
    void publish(ended);
    while (bus.details.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    bus.mood = 'well';
    await expect(publish(ended)).rejects.toThrow('being handled');
    clock.now += timeoutMs;
    await publish(ended);
    const [first, second] = bus.details;
    expect(second?.meta.id).toBe(first?.meta.id);
    expect(bus.details).toHaveLength(2);
  });

  test('is published at the next delivery if the bus refused it', async () => {
    const { publish, bus } = await start();
    bus.mood = 'refuses';
    await expect(publish(ended)).rejects.toThrow('MalformedDetail');
    bus.mood = 'well';
    await publish(ended);
    expect(bus.details).toHaveLength(1);
  });

  test.each([
    [30, { N: String((1_000_000 + timeoutMs) / 1_000 + 30 * 86_400) }],
    [0, undefined],
  ])('leaves a record that expires with the state of calls (%d days)', async (days, expiresAt) => {
    const { publish, table } = await start(stateDb, days);
    await publish(ended);
    const items = [...(await dump(table)).values()];
    expect(items).toHaveLength(1);
    expect(items[0]?.expiresAt).toEqual(expiresAt);
  });

  test('without an id is identified by its event', async () => {
    const { publish, bus } = await start();
    await publish(reported('call.rejected', { caller: ann }, { id: 'one' }));
    await publish(reported('call.rejected', { caller: ann }, { id: 'two' }));
    expect(new Set(bus.details.map(({ meta }) => meta.id)).size).toBe(2);
  });
});

/** An end of the call C1. */
const end = (
  at: number,
  outcome: 'missed' | 'unknown' | 'rejected' | 'accepted-elsewhere' = 'unknown',
  caller: typeof ann | typeof annHidden | typeof annByPhone = ann,
) => reported('call.rejected', { callId: 'C1', caller, chat: caller, outcome }, { at });

const offer = (at: number) => reported('call.received', { callId: 'C1', caller: ann }, { at });

describe('a call with several ends', () => {
  test.each([
    ['declined, and terminated by the caller after it', end(5, 'rejected'), end(8)],
    ['declined, and terminated in the same second', end(5, 'rejected'), end(5)],
    ['declined, though the caller’s end has the earlier time', end(6, 'rejected'), end(5)],
    ['accepted elsewhere, and ended an hour later', end(5, 'accepted-elsewhere'), end(3605)],
  ])('is not missed: %s', async (_name, first, second) => {
    const { handle, bus } = await start();
    await handle(offer(0));
    await handle(first);
    await handle(second);
    expect(bus.details).toEqual([]);
  });

  test('is missed once, also if its end is reported again when the call of a group is over', async () => {
    const { handle, bus } = await start();
    await handle(end(60, 'missed'));
    await handle(end(3600));
    expect(bus.details).toHaveLength(1);
  });

  test('is missed once if the caller’s phone number was learned between them', async () => {
    const { handle, bus } = await start();
    await handle(end(20, 'unknown', annHidden));
    await handle(end(25, 'missed', ann));
    await handle(end(26, 'missed', annByPhone));
    expect(bus.details).toMatchObject([{ data: { caller: annHidden } }]);
  });

  test('is missed once if they are handled at the same time', async () => {
    const { handle, bus } = await start();
    const ends = [end(20, 'unknown', annHidden), end(25, 'missed', ann), end(26)];
    const results = await Promise.allSettled(ends.map(handle));
    for (const result of results.filter(({ status }) => status === 'rejected')) {
      expect(result).toMatchObject({ reason: { name: 'InProgressError' } });
    }
    await Promise.all(ends.map(handle));
    expect(bus.details).toHaveLength(1);
  });

  test('has one id, also if the function was killed at the first end and publishes at the second', async () => {
    const { handle, bus, clock } = await start();
    bus.mood = 'killed';
    void handle(end(20, 'unknown', annHidden));
    while (bus.details.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    bus.mood = 'well';
    await expect(handle(end(25, 'missed'))).rejects.toThrow('being handled');
    clock.now += timeoutMs;
    await handle(end(25, 'missed'));
    const [first, second] = bus.details;
    expect(second?.meta.id).toBe(first?.meta.id);
    expect(bus.details).toHaveLength(2);
  });

  test('is published at the second end if the bus refused it at the first', async () => {
    const { handle, bus } = await start();
    bus.mood = 'refuses';
    await expect(handle(end(20, 'unknown', annHidden))).rejects.toThrow('MalformedDetail');
    bus.mood = 'well';
    await handle(end(25, 'missed'));
    await handle(end(20, 'unknown', annHidden));
    expect(bus.details).toHaveLength(1);
  });
});

describe('a call id that is used again', () => {
  const calls = [offer(0), end(20, 'missed'), offer(5000), end(5020, 'missed')];

  test('gives one call.missed for each call, each with its own id', async () => {
    const { handle, bus } = await start();
    for (const event of [...calls, ...calls]) {
      await handle(event);
    }
    expect(bus.details).toMatchObject([
      { meta: { occurredAt: end(20).meta.occurredAt } },
      { meta: { occurredAt: end(5020).meta.occurredAt } },
    ]);
    expect(new Set(bus.details.map(({ meta }) => meta.id)).size).toBe(2);
  });

  test('gives call.missed for the second call if the first one was accepted', async () => {
    const { handle, bus } = await start();
    for (const event of [offer(0), accepted, offer(5000), end(5020)]) {
      await handle(event);
    }
    expect(bus.details).toMatchObject([{ meta: { occurredAt: end(5020).meta.occurredAt } }]);
  });

  test('gives at most one for each call in any order, with redelivery, and both if the second end is last', async () => {
    const order = fc
      .tuple(fc.shuffledSubarray(calls, { minLength: calls.length }), fc.subarray(calls))
      .map(([all, again]) => [...all, ...again]);
    await fc.assert(
      fc.asyncProperty(order, async (events) => {
        const { handle, bus } = await start();
        for (const event of events) {
          await handle(event);
        }
        const ends = bus.details.map(({ meta }) => meta);
        expect(new Set(ends.map(({ id }) => id)).size).toBe(ends.length);
        if (events[calls.length - 1] === calls.at(-1)) {
          expect(ends).toHaveLength(2);
        }
      }),
      { numRuns: 50 },
    );
  });
});

test('a call that an earlier version has published as missed is not published again', async () => {
  const { handle, bus, records } = await start();
  const key = {
    pk: callKey(ended.meta, 'C1'),
    sk: stateKey('published', 'call.missed', annHidden.id),
  };
  const { holding } = await records.acquire({ key, variant: 'call.missed', data: '' });
  await records.complete(holding);
  await handle(end(9, 'missed'));
  expect(bus.details).toEqual([]);
});

test('the record of a published call contains no address', async () => {
  const { publish, table } = await start();
  await publish(ended);
  const text = JSON.stringify([...(await dump(table)).values()]);
  expect(text).toContain('COMPLETED');
  expect(text).not.toMatch(/12025550142|206158430200142/);
});
