import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import {
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { messageAttributePrefix } from '../../events/names.ts';
import type { AwsAccess } from '../aws/connect.ts';
import { errorCode } from '../aws/explain-error.ts';
import type { Queue } from '../aws/pipeline.ts';
import type { DeadLetterMessage } from './dead-letter-message.ts';
import { batchSize } from './message-receiver.ts';

/** A message and its destination. */
interface Plan {
  readonly message: DeadLetterMessage;
  readonly to: Destination;
}

/** Sends messages to their destinations, in one batch per destination. Never throws. */
export async function sendPlans(
  access: Pick<AwsAccess, 'sqs' | 'eventBridge'>,
  plans: readonly Plan[],
): Promise<ReadonlyMap<DeadLetterMessage, Sent>> {
  const results = new Map<DeadLetterMessage, Sent>();
  const homes = Map.groupBy(plans, ({ to }) => (to.kind === 'queue' ? to.url : to.kind));
  await Promise.all(
    [...homes.values()].map(async (group) => {
      const sent = await sendGroup(access, group);
      group.forEach(({ message }, index) => {
        results.set(message, sent[index] ?? { error: 'Unconfirmed' });
      });
    }),
  );
  return results;
}

/** The results of a dry run, which sends nothing. */
export function pretendToSend(plans: readonly Plan[]): ReadonlyMap<DeadLetterMessage, Sent> {
  return new Map(plans.map(({ message }) => [message, { id: '' }]));
}

function sendGroup(
  { sqs, eventBridge }: Pick<AwsAccess, 'sqs' | 'eventBridge'>,
  group: readonly Plan[],
): Promise<Sent[]> | Sent[] {
  const [first] = group;
  switch (first?.to.kind) {
    case 'queue': {
      const entries = group.flatMap(({ to }) => (to.kind === 'queue' ? [to.entry] : []));
      return sendToQueue(sqs, first.to.url, entries);
    }
    case 'bus': {
      const entries = group.flatMap(({ to }) => (to.kind === 'bus' ? [to.entry] : []));
      return sendToBus(eventBridge, entries);
    }
    default:
      return [];
  }
}

/** Result of one entry: the id that the destination assigned, or the error code. */
export type Sent = { readonly id: string } | { readonly error: string };

/**
 * Maximum number of bytes in one call. SQS takes 1 MiB, EventBridge less than 1 MB (API references,
 * SendMessageBatch and PutEvents); this is the smaller one, less room for names and types.
 */
const bytesPerCall = 990_000;

/** Sends messages to a queue in few calls. The results are in the entries' order; never throws. */
export function sendToQueue(
  sqs: SQSClient,
  QueueUrl: string,
  entries: readonly QueueEntry[],
): Promise<Sent[]> {
  return inBatches(entries, sizeOfMessage, async (batch) => {
    const { Successful = [], Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: batch.map((entry, index) => ({ ...entry, Id: String(index) })),
      }),
    );
    const ids = new Map(Successful.map(({ Id, MessageId }) => [Id, MessageId]));
    const codes = new Map(Failed.map(({ Id, Code }) => [Id, Code]));
    return batch.map((_, index) => sent(ids.get(String(index)), codes.get(String(index))));
  });
}

/**
 * Puts events on their bus. A call succeeds even if it refuses entries, so each entry's result is checked.
 */
function sendToBus(
  eventBridge: EventBridgeClient,
  entries: readonly PutEventsRequestEntry[],
): Promise<Sent[]> {
  return inBatches(entries, sizeOfEvent, async (batch) => {
    const { Entries = [] } = await eventBridge.send(new PutEventsCommand({ Entries: batch }));
    return batch.map((_, index) => sent(Entries[index]?.EventId, Entries[index]?.ErrorCode));
  });
}

const sent = (id: string | undefined, code: string | undefined): Sent =>
  id === undefined ? { error: code ?? 'Unconfirmed' } : { id };

async function inBatches<Entry>(
  entries: readonly Entry[],
  sizeOf: (entry: Entry) => number,
  send: (batch: Entry[]) => Promise<Sent[]>,
): Promise<Sent[]> {
  const batches = cutBySize(entries, sizeOf);
  const results = await Promise.all(
    batches.map((batch) =>
      send(batch).catch((error: unknown) => batch.map(() => ({ error: errorCode(error) }))),
    ),
  );
  return results.flat();
}

function cutBySize<Entry>(entries: readonly Entry[], sizeOf: (entry: Entry) => number): Entry[][] {
  const batches: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = sizeOf(entry);
    const last = batches.at(-1);
    if (last && last.length < batchSize && bytes + size <= bytesPerCall) {
      last.push(entry);
      bytes += size;
    } else {
      batches.push([entry]);
      bytes = size;
    }
  }
  return batches;
}

function sizeOfMessage({ MessageBody = '', MessageAttributes = {} }: QueueEntry): number {
  return Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType = '', StringValue = '', BinaryValue }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
    Buffer.byteLength(MessageBody),
  );
}

/** User Guide, "Calculating PutEvents event entry size": 14 bytes for the time. */
function sizeOfEvent({
  Source = '',
  DetailType = '',
  Detail = '',
  Resources = [],
}: PutEventsRequestEntry) {
  return 14 + Buffer.byteLength(Source + DetailType + Detail + Resources.join(''));
}

/** Counts by name, the highest first. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string, count = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** A plain object for output, safe for names such as `__proto__`. */
  toJSON(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([, a], [, b]) => b - a));
  }
}

/** A message for a queue, without the id that is only needed in its batch. */
export type QueueEntry = Omit<SendMessageBatchRequestEntry, 'Id'>;

/** The queue or bus that a message is redriven to, and the entry that is sent. */
export type Destination =
  | {
      readonly kind: 'queue';
      readonly name: string;
      readonly url: string;
      readonly entry: QueueEntry;
    }
  | { readonly kind: 'bus'; readonly name: string; readonly entry: PutEventsRequestEntry }
  /** The message stays; `reason` is general enough to group messages by it. */
  | { readonly kind: 'nowhere'; readonly reason: string };

/** Shorthand for a message that stays. */
export const stays = (reason: string): Destination => ({ kind: 'nowhere', reason });

/** The content that is sent for a message. */
export interface Content {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttributeValue>>;
  /** For a FIFO or fair queue. @default - the message's own */
  readonly groupId?: string;
}

/** A message's attributes without those that describe the failure. */
export function withoutReason(
  attributes: DeadLetterMessage['attributes'],
): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => !name.startsWith(messageAttributePrefix)),
  );
}

/** A queue entry with the message's own group id and trace header. */
export function writeQueueEntry(
  message: DeadLetterMessage,
  queue: Queue,
  content: Content,
): QueueEntry {
  const { body, attributes = {}, groupId = message.system.MessageGroupId } = content;
  const trace = message.system.AWSTraceHeader;
  return {
    MessageBody: body,
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
    ...(trace !== undefined && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } },
    }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    // If it is sent again within five minutes, after a crash before the delete, SQS drops the duplicate.
    ...(queue.name.endsWith('.fifo') && { MessageDeduplicationId: message.messageId }),
  };
}
