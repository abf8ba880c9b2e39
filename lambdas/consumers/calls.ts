import type { EventTypeIn } from '../../events/catalog.ts';
import type { DerivedType } from '../../events/derived.ts';
import { putEventsToBus } from '../runtime/aws/event-bridge.ts';
import { consume } from '../runtime/consume.ts';
import { requiredEnvironment } from '../runtime/environment.ts';
import { callRegisters } from '../state/call-registers.ts';
import { keepState, keepsState, stateDb, stateFromEnvironment } from '../state/keep-state.ts';
import { tellMissedCalls } from '../state/tell-missed-call.ts';
import { toldIn } from '../state/told-table.ts';

/** Without state nobody knows whether a call was accepted before: then no call counts as missed. */
const tellMissed = keepsState()
  ? tellMissedCalls({
      told: toldIn(stateDb, requiredEnvironment('STATE_TABLE')),
      busName: requiredEnvironment('BUS_NAME'),
      timeoutMs: Number(requiredEnvironment('TIMEOUT_SECONDS')) * 1000,
      putEvents: putEventsToBus(),
    })
  : undefined;

/** The consumer `calls`: keeps each call with its outcome, and tells of those that were missed. */
export const handler = consume<EventTypeIn<'calls'> | DerivedType>(
  keepState<EventTypeIn<'calls'> | DerivedType>(
    callRegisters,
    stateFromEnvironment(),
    async (event) => {
      if (event.type === 'call.rejected') await tellMissed?.(event);
    },
  ),
);
