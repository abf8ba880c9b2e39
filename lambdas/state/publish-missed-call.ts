import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { EventOf } from '../../events/envelope.ts';
import { missedCall } from '../../events/missed-call.ts';
import { eventSource } from '../../events/names.ts';
import { serializeEnvelope } from '../../events/serialize-envelope.ts';
import { comparePersons, type Person, personOf } from '../../events/state/person.ts';
import { stateKey } from '../../events/state/state-keys.ts';
import type { IdempotencyTable } from '../runtime/idempotency-table.ts';
import { errorName } from '../runtime/log.ts';
import { InProgressError } from '../runtime/once.ts';
import type { PutEvents } from '../runtime/publish.ts';
import { traceHeader } from '../runtime/trace.ts';
import { callKey, isTurnedDown } from './call-registers.ts';

/** The bus did not take an event; its message names no content. */
export class NotPublishedError extends Error {
  constructor(code: string) {
    super(`The bus did not take the event (${code}).`);
    this.name = 'NotPublishedError';
  }
}

/** What {@link publishMissedCalls} works with. */
export interface MissedCallPorts {
  /** The state table, which has the records beside the calls. */
  readonly records: IdempotencyTable;
  /** Whether a call in this partition, of this caller, is known to have been accepted. */
  readonly wasAccepted: (pk: string, caller: Person | undefined) => Promise<boolean>;
  readonly putEvents: PutEvents;
  readonly busName: string;
}

/** Sort key of the item beside a call that has the record of its `call.missed`. */
const recordKey = (caller: Person | undefined) =>
  stateKey('published', 'call.missed', caller?.id ?? '');

/** A call has one `call.missed`, whatever its end says. */
const variant = 'call.missed';

/**
 * Publishes `call.missed` for a call that ended without being accepted, once. Its record is acquired
 * before and completed after it is on the bus: a function that is killed in between leaves a record
 * whose lease ends, and the redelivery publishes the event again, under the same id.
 *
 * @throws InProgressError while another function is at it; NotPublishedError
 */
export function publishMissedCalls(ports: MissedCallPorts) {
  const { records, wasAccepted, putEvents, busName } = ports;

  return async (event: EventOf<'call.rejected'>): Promise<void> => {
    const pk = callKey(event.meta, event.data.callId);
    const caller = personOf(event.data.caller);
    if (isTurnedDown(event) || (await wasAccepted(pk, caller))) {
      return;
    }
    const key = { pk, sk: recordKey(caller) };
    const acquisition = await records.acquire({ key, variant, data: '' });
    const { isAcquired, holding } = acquisition;
    if (!isAcquired) {
      const [record] = acquisition.records;
      if (record?.status === 'COMPLETED') {
        return;
      }
      throw new InProgressError();
    }
    const envelope = missedCall(event);
    const entry = {
      EventBusName: busName,
      Source: eventSource,
      DetailType: envelope.meta.type,
      Time: new Date(envelope.meta.occurredAt),
      Detail: serializeEnvelope(envelope),
      ...traceHeader(envelope.meta.traceparent),
    };
    const refusal = await refusalOf(entry, putEvents);
    if (refusal !== undefined) {
      await records.release(holding);
      throw new NotPublishedError(refusal);
    }
    await records.complete(holding);
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

/**
 * Whether the state table has a call as accepted: under its id, and of no caller that is certainly another
 * one. A caller may be named by phone number in one event and by hidden id in the next.
 */
export function acceptedIn(
  client: () => DynamoDBClient,
  TableName: string,
): MissedCallPorts['wasAccepted'] {
  return async (pk, caller) => {
    const { Items = [] } = await client().send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :accepted)',
        ExpressionAttributeValues: marshall({ ':pk': pk, ':accepted': 'accepted#' }),
        ConsistentRead: true,
      }),
    );
    return Items.some(
      (item) => comparePersons(caller, personOf(unmarshall(item).caller)) !== 'different',
    );
  };
}
