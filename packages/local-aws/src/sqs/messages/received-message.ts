import type { JsonObject } from '../../aws-service.ts';
import type { Broker } from '../broker.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import { queueAttributes } from '../queues/queue-attributes.ts';
import { stringList } from '../request.ts';
import { invalidAttributeName } from '../sqs-error.ts';
import { type StoredMessage, sequenceNumberOf } from './message.ts';
import { digestAttributes, writeMessageAttributes } from './message-attributes.ts';

/** The attributes that a receiver requests of each message besides its body. */
export interface Selection {
  readonly system: (name: string) => boolean;
  readonly user: (name: string) => boolean;
}

const systemAttributes: ReadonlySet<string> = new Set([
  'All',
  'SenderId',
  'SentTimestamp',
  'ApproximateReceiveCount',
  'ApproximateFirstReceiveTimestamp',
  'SequenceNumber',
  'MessageDeduplicationId',
  'MessageGroupId',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
]);

/** `AttributeNames` is the older name of `MessageSystemAttributeNames`; both are served. */
export function readSelection(input: JsonObject): Selection {
  const older = stringList(input, 'AttributeNames').filter((name) => !queueAttributes.has(name));
  const system = new Set([...older, ...stringList(input, 'MessageSystemAttributeNames')]);
  for (const name of system) {
    if (!systemAttributes.has(name)) {
      throw invalidAttributeName(name);
    }
  }
  const user = stringList(input, 'MessageAttributeNames');
  const exact = new Set(user);
  // "All attributes starting with a prefix, for example bar.*"; `.*` is then the empty prefix.
  const prefixes = user.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2));
  return {
    system: (name) => system.has('All') || system.has(name),
    user: (name) =>
      exact.has('All') || exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix)),
  };
}

/** One message of `ReceiveMessage`'s answer, without its receipt handle. */
export function writeMessage(
  broker: Broker,
  queue: Queue,
  message: StoredMessage,
  { system, user }: Selection,
): JsonObject {
  const attributes = systemAttributesOf(broker, queue, message).filter(([name]) => system(name));
  const selected = message.attributes.filter(({ name }) => user(name));
  const all = selected.length === message.attributes.length;
  return {
    MessageId: message.messageId,
    MD5OfBody: message.bodyDigest,
    Body: message.body,
    ...(attributes.length > 0 && { Attributes: Object.fromEntries(attributes) }),
    ...(selected.length > 0 && {
      // The digest covers what is returned, so that the receiver can check it.
      MD5OfMessageAttributes: all ? message.attributesDigest : digestAttributes(selected),
      MessageAttributes: writeMessageAttributes(selected),
    }),
  };
}

function systemAttributesOf(
  broker: Broker,
  queue: Queue,
  message: StoredMessage,
): readonly (readonly [string, string])[] {
  const { firstReceivedAt, groupId, deduplicationId, traceHeader, sourceArn } = message;
  const present: readonly (readonly [string, string | undefined])[] = [
    // Every local caller is the account itself; requests are not signed by users.
    ['SenderId', broker.accountId],
    ['SentTimestamp', String(message.enqueuedAt)],
    ['ApproximateReceiveCount', String(message.earlierReceives + message.receives)],
    ['ApproximateFirstReceiveTimestamp', firstReceivedAt?.toString()],
    ['SequenceNumber', queue.fifo ? sequenceNumberOf(message.seq) : undefined],
    ['MessageDeduplicationId', deduplicationId],
    ['MessageGroupId', groupId],
    ['AWSTraceHeader', traceHeader],
    ['DeadLetterQueueSourceArn', sourceArn],
  ];
  return present.filter((entry): entry is [string, string] => entry[1] !== undefined);
}
