import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { EventOf } from '../../events/envelope.ts';
import { eventSource } from '../../events/event-source.ts';
import { missedCall } from '../../events/missed-call.ts';
import { serializeEnvelope } from '../../events/serialize-envelope.ts';
import { errorName } from '../runtime/log.ts';
import { InProgressError } from '../runtime/once.ts';
import type { PutEvents } from '../runtime/publish.ts';
import { callKey, isTurnedDown } from './call-registers.ts';
import type { ToldTable } from './told-table.ts';

/** The bus did not take an event; its message names no content. */
export class NotPublishedError extends Error {
  constructor(code: string) {
    super(`The bus did not take the event (${code}).`);
    this.name = 'NotPublishedError';
  }
}

/** What {@link tellMissedCalls} works with. */
export interface MissedCallPorts {
  readonly told: ToldTable;
  readonly putEvents: PutEvents;
  readonly busName: string;
  /** Milliseconds that a function can be at an event: its timeout. */
  readonly timeoutMs: number;
  readonly now?: () => number;
}

/**
 * Tells of a call that ended without being accepted as `call.missed`, once. That it is being told is
 * noted before, and that it was told after it is on the bus: a function that is killed in between
 * leaves a note that gets stale, and the redelivery tells it, with the same id.
 *
 * @throws InProgressError while another function is at it; NotPublishedError
 */
export function tellMissedCalls(ports: MissedCallPorts) {
  const { told, putEvents, busName, timeoutMs, now = Date.now } = ports;

  return async (event: EventOf<'call.rejected'>): Promise<void> => {
    const pk = callKey(event.meta, event.data.callId);
    if (isTurnedDown(event) || (await told.wasAccepted(pk))) return;
    const taken = await told.take(pk, now(), now() - timeoutMs);
    if (taken === 'told') return;
    if (taken === 'busy') throw new InProgressError();
    const envelope = missedCall(event);
    const entry = {
      EventBusName: busName,
      Source: eventSource,
      DetailType: envelope.meta.type,
      Time: new Date(envelope.meta.occurredAt),
      Detail: serializeEnvelope(envelope),
    };
    const refusal = await refusalOf(entry, putEvents);
    if (refusal !== undefined) {
      await told.giveBack(pk);
      throw new NotPublishedError(refusal);
    }
    await told.finish(pk);
  };
}

/** Why the bus does not take an entry, if it does not. The queue gives the call again, so once is enough. */
async function refusalOf(
  entry: PutEventsRequestEntry,
  put: PutEvents,
): Promise<string | undefined> {
  try {
    const [result] = await put([entry]);
    return result?.EventId ? undefined : (result?.ErrorCode ?? 'InternalFailure');
  } catch (error) {
    return errorName(error);
  }
}
