import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventTypeIn } from '../../events/catalog.ts';
import type { DerivedType } from '../../events/derived.ts';
import { consume } from '../runtime/consume.ts';
import { requiredEnvironment } from '../runtime/environment.ts';
import { callRegisters } from '../state/call-registers.ts';
import { keepState, stateClient, stateFromEnvironment } from '../state/keep-state.ts';
import { tellMissedCalls } from '../state/tell-missed-call.ts';
import { toldIn } from '../state/told-table.ts';

const bus = new EventBridgeClient({
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 },
});

const tellMissed = tellMissedCalls({
  told: toldIn(stateClient, requiredEnvironment('STATE_TABLE')),
  busName: requiredEnvironment('BUS_NAME'),
  timeoutMs: Number(requiredEnvironment('TIMEOUT_SECONDS')) * 1000,
  putEvents: async (entries) => {
    const result = await bus.send(new PutEventsCommand({ Entries: [...entries] }));
    return result.Entries ?? [];
  },
});

/** The consumer `calls`: keeps each call with its outcome, and tells of those that were missed. */
export const handler = consume<EventTypeIn<'calls'> | DerivedType>(
  keepState<EventTypeIn<'calls'> | DerivedType>(
    callRegisters,
    stateFromEnvironment(),
    async (event) => {
      if (event.type === 'call.rejected') await tellMissed(event);
    },
  ),
);
