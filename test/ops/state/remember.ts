import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { BusType, EventOf } from '../../../events/envelope.ts';
import { callRegisters } from '../../../lambdas/state/call-registers.ts';
import { groupRegisters } from '../../../lambdas/state/group-registers.ts';
import { labelRegisters } from '../../../lambdas/state/label-registers.ts';
import { messageRegisters } from '../../../lambdas/state/message-registers.ts';
import { type RegistersOf, registersOf } from '../../../lambdas/state/register.ts';
import { sessionRegisters } from '../../../lambdas/state/session-registers.ts';
import { stateIn } from '../../../lambdas/state/state.ts';
import { StateReader } from '../../../ops/state/state-reader.ts';
import { client, createStateTable } from '../../lambdas/state/in-process-dynamodb.ts';

const registers: RegistersOf<BusType> = {
  ...messageRegisters,
  ...groupRegisters,
  ...callRegisters,
  ...labelRegisters,
  ...sessionRegisters,
};

/** Stores the state of these events in a table, one after the other. */
export async function keep(
  db: DynamoDBClient,
  table: string,
  ...events: readonly EventOf<BusType>[]
): Promise<void> {
  const state = stateIn(() => db, table, 0);
  for (const event of events) {
    await state.keep(registersOf(registers, event));
  }
}

/** A state table that has received these events. */
export async function remember(...events: readonly EventOf<BusType>[]): Promise<StateReader> {
  const table = await createStateTable();
  await keep(client, table, ...events);
  return new StateReader(client, table);
}
