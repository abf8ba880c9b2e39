import type { EventTypeIn } from '../../events/catalog.ts';
import type { DerivedType } from '../../events/derived.ts';
import { tableClient } from '../runtime/aws-clients.ts';
import { consume } from '../runtime/consume.ts';
import { requiredEnvironment } from '../runtime/environment.ts';
import { logHandled } from '../runtime/log.ts';
import { putEventsToBus } from '../runtime/publish.ts';
import { callRegisters } from '../state/call-registers.ts';
import { keepState } from '../state/state.ts';
import { tellMissedCalls } from '../state/tell-missed-call.ts';
import { toldIn } from '../state/told-table.ts';

type CallType = EventTypeIn<'calls'> | DerivedType;

/** Keeps calls, and tells of those that were missed. */
function keepCalls() {
  const tellMissed = tellMissedCalls({
    told: toldIn(() => tableClient('state'), requiredEnvironment('STATE_TABLE')),
    busName: requiredEnvironment('BUS_NAME'),
    timeoutMs: Number(requiredEnvironment('TIMEOUT_SECONDS')) * 1000,
    putEvents: putEventsToBus,
  });
  return keepState<CallType>(callRegisters, async (event) => {
    if (event.type === 'call.rejected') await tellMissed(event);
  });
}

/**
 * The consumer `calls`: keeps each call with its outcome, and tells of those that were missed. Without
 * state nobody knows whether a call was accepted before: then no call counts as missed.
 */
export const handler = consume<CallType>(process.env.STATE_TABLE ? keepCalls() : logHandled);
