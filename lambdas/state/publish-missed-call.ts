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
import { traceHeader } from '../runtime/publish.ts';
import { callKey, isTurnedDown } from './call-registers.ts';

/** Thrown if the bus did not accept an event. Its message contains no content. */
export class NotPublishedError extends Error {
  constructor(code: string) {
    super(`The bus did not take the event (${code}).`);
    this.name = 'NotPublishedError';
  }
}

/** Dependencies of {@link publishMissedCalls}. */
export interface MissedCallPorts {
  /** Idempotency records in the state table. */
  readonly records: IdempotencyTable;
  /** Whether the state has this caller's call in this partition as accepted. */
  readonly wasAccepted: (pk: string, caller: Person | undefined) => Promise<boolean>;
  readonly putEvents: PutEvents;
  readonly busName: string;
}

/** Sort key of the item with the idempotency record of a call's `call.missed`. */
const recordKey = (caller: Person | undefined) =>
  stateKey('published', 'call.missed', caller?.id ?? '');

/** The variant of the record: a call has at most one `call.missed`. */
const variant = 'call.missed';

/**
 * Publishes `call.missed` once for a call that ended without being accepted. It acquires a record before
 * publishing and completes it afterwards. If the function is ended in between, the record's lease ends, and
 * the redelivery publishes the event again with the same id.
 *
 * @throws InProgressError while another invocation publishes it; NotPublishedError
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

/**
 * The error code if the bus does not accept an entry. There is no retry, since the queue redelivers the call.
 */
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
 * Whether the state table has a call as accepted: with its id, and with a caller that may be the same person.
 * One event may have the caller's phone number and another the hidden id.
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
