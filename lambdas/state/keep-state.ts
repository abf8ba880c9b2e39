import type { BusType, EventOf, WhatsAppEvent } from '../../events/envelope.ts';
import { tableClient } from '../runtime/aws-clients.ts';
import type { Handle } from '../runtime/consume.ts';
import { requiredEnvironment } from '../runtime/environment.ts';
import { logHandled } from '../runtime/log.ts';
import { type RegistersOf, registersOf } from './register.ts';
import { type State, stateIn } from './state.ts';

/** The state table as the stack has set it up. */
const stateFromEnvironment = (): State =>
  stateIn(
    () => tableClient('state'),
    requiredEnvironment('STATE_TABLE'),
    Number(requiredEnvironment('STATE_DAYS')),
  );

/**
 * A consumer's work: keep what the event says, do what follows from it, and say that it is done. Where a
 * stage keeps no state (the setting `keepState`), the variable STATE_TABLE is absent, the consumer's work
 * is `logHandled` alone, and nothing of this is in its bundle.
 */
export function keepState<Type extends BusType>(
  registers: RegistersOf<Type>,
  then: (event: EventOf<Type>) => Promise<void> = async () => {},
  state: State = stateFromEnvironment(),
): Handle<Type> {
  return async (event, delivery) => {
    await state.keep(registersOf(registers, event));
    await then(event);
    logHandled(event as WhatsAppEvent, delivery);
  };
}
