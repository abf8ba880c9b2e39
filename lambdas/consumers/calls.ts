import type { EventTypeIn } from '../../events/catalog.ts';
import type { DerivedType } from '../../events/derived.ts';
import { requiredEnvironment, tableClient } from '../runtime/aws-clients.ts';
import { consume } from '../runtime/consume.ts';
import { logHandled } from '../runtime/log.ts';
import { putEventsToBus } from '../runtime/publish.ts';
import { callRegisters } from '../state/call-registers.ts';
import { missedCallRecords, publishMissedCalls, readCallIn } from '../state/publish-missed-call.ts';
import { state } from '../state/state.ts';

type CallType = EventTypeIn<'calls'> | DerivedType;

/** Keeps the state of calls, and publishes `call.missed` for missed calls. */
function keepCalls() {
  const client = () => tableClient('state');
  const tableName = requiredEnvironment('STATE_TABLE');
  const stateDays = Number(requiredEnvironment('STATE_DAYS'));
  const leaseMs = Number(requiredEnvironment('TIMEOUT_SECONDS')) * 1000;
  const publishMissed = publishMissedCalls({
    records: missedCallRecords({ client, tableName, leaseMs }, stateDays),
    readCall: readCallIn(client, tableName),
    busName: requiredEnvironment('BUS_NAME'),
    putEvents: putEventsToBus,
  });
  return state<CallType>(callRegisters, async (event) => {
    if (event.type === 'call.rejected') {
      await publishMissed(event);
    }
  });
}

/**
 * The consumer `calls`: keeps each call with its outcome, and publishes `call.missed`. Without state it
 * cannot know whether a call was accepted, so it publishes nothing.
 */
export const handler = consume<CallType>(process.env.STATE_TABLE ? keepCalls() : logHandled);
