import type { BusType, EventOf, WhatsAppEvent } from '../../events/envelope.ts';
import { dynamoDb } from '../runtime/aws/dynamodb.ts';
import type { Handle } from '../runtime/consume.ts';
import { requiredEnvironment } from '../runtime/environment.ts';
import { logHandled } from '../runtime/log-handled.ts';
import { type RegistersOf, registersOf } from './register.ts';
import { type State, stateIn } from './state.ts';

/** The state table's database, for a function that keeps state. */
export const stateDb = dynamoDb({
  attempts: 4,
  connectMs: 1_000,
  answerMs: 3_000,
  budgetMs: 8_000,
});

/** Whether this stage lets the consumer keep state: the setting `keepState`. */
export const keepsState = (): boolean => requiredEnvironment('STATE_TABLE') !== 'none';

/** The state table as the stack has set it up; nothing is kept where there is none. */
export function stateFromEnvironment(): State {
  if (!keepsState()) return { keep: async () => {} };
  const stateDays = Number(requiredEnvironment('STATE_DAYS'));
  return stateIn(stateDb, requiredEnvironment('STATE_TABLE'), stateDays);
}

/** A consumer's work: keep what the event says, do what follows from it, and say that it is done. */
export function keepState<Type extends BusType>(
  registers: RegistersOf<Type>,
  state: State = stateFromEnvironment(),
  then: (event: EventOf<Type>) => Promise<void> = async () => {},
): Handle<Type> {
  return async (event, delivery) => {
    await state.keep(registersOf(registers, event));
    await then(event);
    logHandled(event as WhatsAppEvent, delivery);
  };
}
