import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import type { PutEvents } from '../../../lambdas/runtime/publish.ts';
import { callRegisters } from '../../../lambdas/state/call-registers.ts';
import { registersOf } from '../../../lambdas/state/register.ts';
import { stateIn } from '../../../lambdas/state/state.ts';
import { tellMissedCalls } from '../../../lambdas/state/tell-missed-call.ts';
import { toldIn } from '../../../lambdas/state/told-table.ts';
import { client, createStateTable, stateDb } from './in-process-dynamodb.ts';
import { ann, told } from './told-event.ts';

const timeoutMs = 30_000;
const ended = told('call.rejected', { callId: 'C1', caller: ann, chat: ann }, { at: 9 });
const accepted = told('call.accepted', { callId: 'C1' }, { at: 4 });

/** A bus that takes events, refuses them, or is gone with the function in the middle of a call. */
class FakeBus {
  readonly details: { meta: { id: string; type: string } }[] = [];
  mood: 'well' | 'refuses' | 'killed' = 'well';

  readonly put: PutEvents = async (entries) => {
    if (this.mood === 'refuses') return entries.map(() => ({ ErrorCode: 'MalformedDetail' }));
    this.details.push(...entries.map(({ Detail = '' }) => JSON.parse(Detail)));
    if (this.mood === 'killed') await new Promise(() => {});
    return entries.map(() => ({ EventId: 'e' }));
  };
}

async function start() {
  const table = await createStateTable();
  const bus = new FakeBus();
  const clock = { now: 1_000_000 };
  const tell = tellMissedCalls({
    ...{ told: toldIn(stateDb, table), busName: 'bus', putEvents: bus.put, timeoutMs },
    now: () => clock.now,
  });
  return { tell, bus, clock, state: stateIn(stateDb, table, 0) };
}

describe('a call that ended unanswered', () => {
  test('is told as missed, once, however often its end is told', async () => {
    const { tell, bus } = await start();
    for (let times = 0; times < 3; times++) await tell(ended);
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

  test('is told once by two functions at the same time; the other one comes back', async () => {
    const { tell, bus } = await start();
    const results = await Promise.allSettled([tell(ended), tell(ended), tell(ended)]);
    expect(bus.details).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason.name).toBe('InProgressError');
    }
    await tell(ended);
    expect(bus.details).toHaveLength(1);
  });

  test('is told at once, and once, when the response to each write is lost and the SDK writes again', async () => {
    const losing = () =>
      ({
        send: async (command: Parameters<typeof client.send>[0]) => {
          await client.send(command);
          return client.send(command);
        },
      }) as unknown as DynamoDBClient;
    const bus = new FakeBus();
    const table = await createStateTable();
    const tell = tellMissedCalls({
      ...{ told: toldIn(losing, table), busName: 'bus', putEvents: bus.put, timeoutMs },
    });
    await tell(ended);
    await tell(ended);
    expect(bus.details).toHaveLength(1);
  });

  test('is not told as missed when it was accepted', async () => {
    const { tell, bus, state } = await start();
    await state.keep(registersOf(callRegisters, accepted));
    await tell(ended);
    expect(bus.details).toEqual([]);
  });

  test.each(['rejected', 'accepted-elsewhere', 'rejected-elsewhere'] as const)(
    'is not told as missed when it was %s',
    async (outcome) => {
      const { tell, bus } = await start();
      await tell(told('call.rejected', { callId: 'C1', caller: ann, outcome }));
      expect(bus.details).toEqual([]);
    },
  );

  test.each(['missed', 'unknown'] as const)(
    'is told as missed when its end is %s, on every engine',
    async (outcome) => {
      for (const engine of ['WEBJS', 'WPP', 'NOWEB', 'GOWS']) {
        const { tell, bus } = await start();
        await tell(told('call.rejected', { callId: 'C1', caller: ann, outcome }, { engine }));
        expect(bus.details).toHaveLength(1);
      }
    },
  );

  test('of before the senders’ words were read is not told as missed where WEBJS ended it', async () => {
    const { tell, bus } = await start();
    await tell(told('call.rejected', { callId: 'C1' }, { engine: 'WEBJS' }));
    expect(bus.details).toEqual([]);
  });

  test('is told again, with the same id, when the function was killed before it could note it', async () => {
    const { tell, bus, clock } = await start();
    bus.mood = 'killed';
    void tell(ended);
    while (bus.details.length === 0) await new Promise((resolve) => setImmediate(resolve));
    bus.mood = 'well';
    await expect(tell(ended)).rejects.toThrow('being handled');
    clock.now += timeoutMs;
    await tell(ended);
    const [first, second] = bus.details;
    expect(second?.meta.id).toBe(first?.meta.id);
    expect(bus.details).toHaveLength(2);
  });

  test('is told at the next delivery when the bus refused it', async () => {
    const { tell, bus } = await start();
    bus.mood = 'refuses';
    await expect(tell(ended)).rejects.toThrow('MalformedDetail');
    bus.mood = 'well';
    await tell(ended);
    expect(bus.details).toHaveLength(1);
  });

  test('of which the sender knows no id is told for its own event', async () => {
    const { tell, bus } = await start();
    await tell(told('call.rejected', { caller: ann }, { id: 'one' }));
    await tell(told('call.rejected', { caller: ann }, { id: 'two' }));
    expect(new Set(bus.details.map(({ meta }) => meta.id)).size).toBe(2);
  });
});
