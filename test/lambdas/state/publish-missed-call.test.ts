import { describe, expect, test } from '@jest/globals';
import { IdempotencyTable } from '../../../lambdas/runtime/idempotency-table.ts';
import type { PutEvents } from '../../../lambdas/runtime/publish.ts';
import { callRegisters } from '../../../lambdas/state/call-registers.ts';
import { acceptedIn, publishMissedCalls } from '../../../lambdas/state/publish-missed-call.ts';
import { registersOf } from '../../../lambdas/state/register.ts';
import { stateIn } from '../../../lambdas/state/state.ts';
import { clientWith } from '../in-process-table.ts';
import { createStateTable, stateDb } from './in-process-dynamodb.ts';
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

async function start(client = stateDb) {
  const table = await createStateTable();
  const bus = new FakeBus();
  const clock = { now: 1_000_000 };
  const publish = publishMissedCalls({
    records: new IdempotencyTable({
      ...{ client, tableName: table, leaseMs: timeoutMs },
      now: () => clock.now,
    }),
    wasAccepted: acceptedIn(client, table),
    ...{ busName: 'bus', putEvents: bus.put },
  });
  return { publish, bus, clock, state: stateIn(stateDb, table, 0) };
}

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
    const { lid: _, ...byPhone } = ann;
    await publish(reported('call.rejected', { callId: 'C2', caller: byPhone }, { at: 9 }));
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

  test('without an id is identified by its event', async () => {
    const { publish, bus } = await start();
    await publish(reported('call.rejected', { caller: ann }, { id: 'one' }));
    await publish(reported('call.rejected', { caller: ann }, { id: 'two' }));
    expect(new Set(bus.details.map(({ meta }) => meta.id)).size).toBe(2);
  });
});
