import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { BusType, EventOf } from '../../../events/envelope.ts';
import { callRegisters } from '../../../lambdas/state/call-registers.ts';
import { groupRegisters } from '../../../lambdas/state/group-registers.ts';
import { labelRegisters } from '../../../lambdas/state/label-registers.ts';
import { messageRegisters } from '../../../lambdas/state/message-registers.ts';
import { type Register, type RegistersOf, registersOf } from '../../../lambdas/state/register.ts';
import { sessionRegisters } from '../../../lambdas/state/session-registers.ts';
import { stateIn, toItem } from '../../../lambdas/state/state.ts';
import { createStateTable, dump, stateDb } from './in-process-dynamodb.ts';
import { deliveries, scenarios } from './scenarios.ts';

type AnyEvent = EventOf<BusType>;

const stateDays = 30;

/** A thousand runs in all, most for what has most ways to go wrong. */
const consumers = {
  messages: { registers: messageRegisters, runs: 400 },
  groups: { registers: groupRegisters, runs: 250 },
  calls: { registers: callRegisters, runs: 100 },
  labels: { registers: labelRegisters, runs: 150 },
  sessions: { registers: sessionRegisters, runs: 100 },
} as const;

/** What the events leave when nothing is late, double or at once: of each register what outranks the rest. */
function expectedItems(all: readonly Register[]): ReadonlyMap<string, object> {
  const best = new Map<string, Register>();
  for (const register of all) {
    const key = JSON.stringify([register.pk, register.sk]);
    const other = best.get(key);
    const outranks =
      !other ||
      (register.keeps === 'latest' && register.version > other.version) ||
      (register.keeps === 'earliest' && register.version < other.version);
    if (outranks) {
      best.set(key, register);
    }
  }
  return new Map(
    [...best]
      .map(([key, register]) => [key, comparable(toItem(register, stateDays))] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** An item without when it expires, where it says the same whichever event wrote it. */
const comparable = ({ expiresAt, ...item }: Item): Item =>
  item.version?.S === '' || expiresAt === undefined ? item : { ...item, expiresAt };

type Item = Readonly<Record<string, AttributeValue>>;

describe('the state is the same whatever the order, however often, and however many at once', () => {
  test.each(Object.entries(consumers))('for %s', async (name, { registers, runs }) => {
    const table = registers as RegistersOf<BusType>;
    await fc.assert(
      fc.asyncProperty(
        deliveries(scenarios[name as keyof typeof scenarios]),
        async ({ events, order, batchSize, batchesAtOnce }) => {
          const tableName = await createStateTable();
          // Two execution environments, each with what it remembers.
          const states = [0, 1].map(() => stateIn(stateDb, tableName, stateDays));
          const batches: AnyEvent[][] = [];
          for (let at = 0; at < order.length; at += batchSize) {
            batches.push(order.slice(at, at + batchSize));
          }
          let next = 0;
          const worker = async (_: unknown, environment: number) => {
            for (let batch = batches[next++]; batch; batch = batches[next++]) {
              const state = states[environment % 2];
              await Promise.all(batch.map((event) => state?.keep(registersOf(table, event))));
            }
          };
          await Promise.all(Array.from({ length: batchesAtOnce }, worker));
          const expected = expectedItems(events.flatMap((event) => registersOf(table, event)));
          const items = [...(await dump(tableName))].map(
            ([key, item]) => [key, comparable(item)] as const,
          );
          expect(new Map(items)).toEqual(expected);
        },
      ),
      { numRuns: runs },
    );
  });

  test('as a thousand runs show', () => {
    expect(Object.values(consumers).reduce((sum, { runs }) => sum + runs, 0)).toBe(1_000);
  });
});
