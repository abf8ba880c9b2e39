import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { BusType, EventOf, WhatsAppEvent } from '../../events/envelope.ts';
import type { Handle } from '../runtime/consume.ts';
import { requiredEnvironment } from '../runtime/environment.ts';
import { logHandled } from '../runtime/log-handled.ts';
import { type RegistersOf, registersOf } from './register.ts';
import { type State, stateIn } from './state.ts';

/** The client of a function that keeps state. Made at init: every event needs it. */
export const stateClient = new DynamoDBClient({
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 },
});

/** The state table as the stack has set it up. */
export function stateFromEnvironment(): State {
  const stateDays = Number(requiredEnvironment('STATE_DAYS'));
  return stateIn(stateClient, requiredEnvironment('STATE_TABLE'), stateDays);
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
