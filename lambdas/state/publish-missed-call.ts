import {
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { EventOf } from '../../events/envelope.ts';
import { canBeSame, factKey, type Party } from '../../events/fact-key.ts';
import { missedCall } from '../../events/missed-call.ts';
import { eventSource } from '../../events/names.ts';
import { serializeEnvelope } from '../../events/serialize-envelope.ts';
import { type CallStep, callOutcome, callStarts, isStep } from '../../events/state/call-steps.ts';
import { comparePersons, type Person, personOf } from '../../events/state/person.ts';
import { readKey, stateKey } from '../../events/state/state-keys.ts';
import {
  type IdempotencyRecord,
  IdempotencyTable,
  type IdempotencyTableOptions,
} from '../runtime/idempotency-table.ts';
import { errorName } from '../runtime/log.ts';
import { InProgressError } from '../runtime/once.ts';
import type { PutEvents } from '../runtime/publish.ts';
import { traceHeader } from '../runtime/publish.ts';
import { callKey, isTurnedDown } from './call-registers.ts';
import { happenedAt } from './register.ts';

/** Thrown if the bus did not accept an event. Its message contains no content. */
export class NotPublishedError extends Error {
  constructor(code: string) {
    super(`The bus did not take the event (${code}).`);
    this.name = 'NotPublishedError';
  }
}

/** An item of the partition of the calls with one id. */
export interface CallItem extends CallStep {
  readonly [name: string]: unknown;
}

/** Dependencies of {@link publishMissedCalls}. */
export interface MissedCallPorts {
  /** Idempotency records in the state table. */
  readonly records: IdempotencyTable;
  /** Reads all items of a partition of calls. */
  readonly readCall: (pk: string) => Promise<readonly CallItem[]>;
  readonly putEvents: PutEvents;
  readonly busName: string;
}

/** Sort key of the item with the idempotency records of all `call.missed` of one call id. */
const recordKey = stateKey('published', 'call.missed');

/** Data of a record: the end of the call for which it was acquired first. */
interface Published {
  /** The caller, as hashes, so that the record contains no address. */
  readonly parties: readonly Party[];
  readonly at: string;
}

/**
 * The idempotency records of calls, in the state table. They expire with the rest of the call's state.
 *
 * @param stateDays days for which a record is kept; 0 for ever
 */
export function missedCallRecords(
  options: Omit<IdempotencyTableOptions, 'retentionMs'>,
  stateDays: number,
): IdempotencyTable {
  const retentionMs = stateDays > 0 ? stateDays * 86_400_000 : undefined;
  return new IdempotencyTable({ ...options, retentionMs });
}

/**
 * Publishes `call.missed` once for a call that ended and is known neither as accepted nor as declined. It
 * acquires a record before publishing and completes it afterwards. If the function is ended in between, the
 * record's lease ends, and the redelivery publishes the event again with the same id. All ends of a call use
 * the record that was acquired first, since each may name the caller by another address.
 *
 * @throws InProgressError while another invocation publishes it; NotPublishedError
 */
export function publishMissedCalls(ports: MissedCallPorts) {
  const { records, readCall, putEvents, busName } = ports;

  return async (event: EventOf<'call.rejected'>): Promise<void> => {
    if (isTurnedDown(event)) {
      return;
    }
    const { meta, data } = event;
    const at = happenedAt(meta);
    const pk = callKey(meta, data.callId);
    const caller = personOf(data.caller);
    const items = await readCall(pk);
    const steps = items.filter(
      (item) => isStep(item) && comparePersons(caller, personOf(item.caller)) !== 'different',
    );
    const startOf = callStarts(steps);
    const startedAt = startOf(at);
    const outcome = callOutcome(steps.filter((step) => startOf(String(step.at)) === startedAt));
    const isAnswered = outcome === 'accepted' || outcome === 'rejected';
    if (isAnswered || (startedAt === undefined && isPublishedBefore(items, caller))) {
      return;
    }
    const envelope = missedCall(event, startedAt);
    const { parties } = factKey('call.missed', [pk], [data.caller]);
    const published: Published = { parties, at };
    const own = {
      key: { pk, sk: recordKey },
      variant: envelope.meta.id,
      data: JSON.stringify(published),
    };
    const acquired = await records.acquire(own);
    // Our own record is another call's if that call's end was handled before it was known when it began.
    const first =
      acquired.records.find((record) => {
        const other = JSON.parse(record.data) as Published;
        return canBeSame(parties, other.parties) && startOf(other.at) === startedAt;
      }) ?? own;
    const { variant } = first;
    const { isAcquired, holding, ...current } =
      variant === own.variant ? acquired : await records.acquire({ ...first, key: own.key });
    if (!isAcquired) {
      const record = current.records.find((each) => each.variant === variant);
      if (record?.status === 'COMPLETED') {
        return;
      }
      throw new InProgressError(record, records.now());
    }
    const entry = {
      EventBusName: busName,
      Source: eventSource,
      DetailType: envelope.meta.type,
      Time: new Date(envelope.meta.occurredAt),
      Detail: serializeEnvelope({ ...envelope, meta: { ...envelope.meta, id: variant } }),
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
 * Whether an earlier version has published `call.missed` of a caller. Its items have one record, `call.missed`,
 * for the first call of each caller, whose address is in the sort key.
 */
function isPublishedBefore(items: readonly CallItem[], caller: Person | undefined): boolean {
  return items.some(({ sk, 'call.missed': record }) => {
    const [, , id] = readKey(sk);
    return (
      (record as IdempotencyRecord | undefined)?.status === 'COMPLETED' &&
      comparePersons(caller, personOf({ id: id || undefined })) !== 'different'
    );
  });
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

/** Reads partitions of calls in the state table. */
export function readCallIn(
  client: () => DynamoDBClient,
  TableName: string,
): MissedCallPorts['readCall'] {
  return async (pk) => {
    const items: CallItem[] = [];
    let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
    do {
      const { Items = [], LastEvaluatedKey } = await client().send(
        new QueryCommand({
          ...{ TableName, ExclusiveStartKey },
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: marshall({ ':pk': pk }),
          ConsistentRead: true,
        }),
      );
      items.push(...Items.map((item) => unmarshall(item) as CallItem));
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return items;
  };
}
