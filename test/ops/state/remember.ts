import type { BusType, EventOf } from '../../../events/envelope.ts';
import { callRegisters } from '../../../lambdas/state/call-registers.ts';
import { groupRegisters } from '../../../lambdas/state/group-registers.ts';
import { labelRegisters } from '../../../lambdas/state/label-registers.ts';
import { messageRegisters } from '../../../lambdas/state/message-registers.ts';
import { type RegistersOf, registersOf } from '../../../lambdas/state/register.ts';
import { sessionRegisters } from '../../../lambdas/state/session-registers.ts';
import { stateIn } from '../../../lambdas/state/state.ts';
import { StateReader } from '../../../ops/state/state-reader.ts';
import { client, createStateTable, stateDb } from '../../lambdas/state/in-process-dynamodb.ts';

const registers: RegistersOf<BusType> = {
  ...messageRegisters,
  ...groupRegisters,
  ...callRegisters,
  ...labelRegisters,
  ...sessionRegisters,
};

/** A state table that has received these events, one after the other. */
export async function remember(...events: readonly EventOf<BusType>[]): Promise<StateReader> {
  const table = await createStateTable();
  const state = stateIn(stateDb, table, 0);
  for (const event of events) {
    await state.keep(registersOf(registers, event));
  }
  return new StateReader(client, table);
}
