import { hash, randomUUID } from 'node:crypto';
import { isObject, type JsonObject } from '../../aws-service.ts';
import type { Broker } from '../broker.ts';
import {
  type AcceptedMessage,
  type OutgoingMessage,
  sequenceNumberOf,
} from '../messages/message.ts';
import {
  digestAttributes,
  isMessageText,
  readMessageAttributes,
  readTraceHeader,
  sizeOfAttribute,
} from '../messages/message-attributes.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import { attributeOf, millisecondsOf } from '../queues/queue-attributes.ts';
import {
  answerEach,
  type BatchEntry,
  optionalInteger,
  optionalToken,
  readBatch,
  requiredString,
} from '../request.ts';
import {
  batchRequestTooLong,
  invalidMessageContents,
  invalidParameterValue,
  missingParameter,
} from '../sqs-error.ts';

const maxDelaySeconds = 900;

/**
 * Checks one message to send against the queue's limits. `batchLabel` is the name of a batch entry
 * in errors.
 */
export function readOutgoingMessage(
  queue: Queue,
  input: JsonObject,
  batchLabel?: string,
): OutgoingMessage {
  const body = requiredString(
    input,
    'MessageBody',
    batchLabel ? `${batchLabel}.MessageBody` : 'MessageBody',
  );
  if (!isMessageText(body)) {
    throw invalidMessageContents();
  }
  const attributes = readMessageAttributes(input);
  const size = sizeOfMessage(body, attributes);
  const limit = Number(attributeOf(queue, 'MaximumMessageSize'));
  if (size > limit) {
    throw invalidParameterValue(
      `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`,
    );
  }
  return {
    body,
    attributes,
    traceHeader: readTraceHeader(input),
    delayMs: readDelayMs(queue, input),
    ...(queue.fifo ? readFifoIds(queue, input, body, batchLabel) : readStandardIds(input)),
  };
}

/** The same size before anything is checked; malformed parts count 0. */
function sizeOfUnchecked({ MessageBody, MessageAttributes }: JsonObject): number {
  const bytes = (value: unknown, encoding?: BufferEncoding) =>
    typeof value === 'string' ? Buffer.byteLength(value, encoding) : 0;
  const attributes = isObject(MessageAttributes) ? Object.entries(MessageAttributes) : [];
  return attributes.reduce((sum, [name, value]) => {
    const { DataType, StringValue, BinaryValue } = isObject(value) ? value : {};
    return sum + bytes(name) + bytes(DataType) + bytes(StringValue) + bytes(BinaryValue, 'base64');
  }, bytes(MessageBody));
}

function sizeOfMessage(body: string, attributes: OutgoingMessage['attributes']): number {
  return attributes.reduce((sum, each) => sum + sizeOfAttribute(each), Buffer.byteLength(body));
}

function readDelayMs(queue: Queue, input: JsonObject): number {
  const seconds = optionalInteger(input, 'DelaySeconds');
  if (seconds === undefined) {
    return millisecondsOf(queue, 'DelaySeconds');
  }
  const refuse = (reason: string) =>
    invalidParameterValue(
      `Value ${seconds} for parameter DelaySeconds is invalid. Reason: ${reason}`,
    );
  if (queue.fifo) {
    // Only the queue's own delay applies; 0 is accepted and has no effect.
    if (seconds !== 0) {
      throw refuse(notForThisType);
    }
    return millisecondsOf(queue, 'DelaySeconds');
  }
  if (seconds < 0 || seconds > maxDelaySeconds) {
    throw refuse(`DelaySeconds must be >= 0 and <= ${maxDelaySeconds}.`);
  }
  return seconds * 1000;
}

const notForThisType = 'The request include parameter that is not valid for this queue type.';

/** A standard queue takes a group id, the tenant of a fair queue, but deduplicates nothing. */
function readStandardIds(input: JsonObject) {
  const groupId = optionalToken(input, 'MessageGroupId');
  if (optionalToken(input, 'MessageDeduplicationId') !== undefined) {
    throw invalidParameterValue(
      `Value for parameter MessageDeduplicationId is invalid. Reason: ${notForThisType}`,
    );
  }
  return { groupId, deduplicationId: undefined };
}

function readFifoIds(queue: Queue, input: JsonObject, body: string, batchLabel?: string) {
  const groupId = optionalToken(input, 'MessageGroupId');
  if (groupId === undefined) {
    const missing = missingParameter('MessageGroupId');
    // In a batch, AWS returns the same message under another error name.
    throw batchLabel ? invalidParameterValue(missing.message) : missing;
  }
  const given = optionalToken(input, 'MessageDeduplicationId');
  if (given === undefined && attributeOf(queue, 'ContentBasedDeduplication') !== 'true') {
    throw invalidParameterValue(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return { groupId, deduplicationId: given ?? hash('sha256', body, 'hex') };
}

export function sendMessage(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  return broker.store.transaction(() => {
    const queue = broker.queues.byUrl(url);
    const message = readOutgoingMessage(queue, input);
    return resultOf(queue, message, enqueue(broker, queue, message));
  });
}

/** Bytes: "The sum of the individual lengths of all of the batched messages" (API reference, SendMessageBatch). */
const maxBatchLength = 1_048_576;

export function sendMessageBatch(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  const entries = readBatch(input, 'SendMessageBatchRequestEntry');
  return broker.store.transaction(() => {
    const queue = broker.queues.byUrl(url);
    checkTotal(entries);
    const send = (entry: BatchEntry, message = readEntry(queue, entry)) =>
      resultOf(queue, message, enqueue(broker, queue, message));
    if (!queue.fifo) {
      return answerEach(entries, send);
    }
    // One bad entry of a FIFO batch refuses the batch: sending the others would break the order.
    const messages = new Map(entries.map((entry) => [entry.id, readEntry(queue, entry)]));
    return answerEach(entries, (entry) => send(entry, messages.get(entry.id)));
  });
}

const readEntry = (queue: Queue, { fields, label }: BatchEntry) =>
  readOutgoingMessage(queue, fields, label);

/** Checks the size of all entries before each entry, since SQS reports this error first. */
function checkTotal(entries: readonly BatchEntry[]): void {
  const total = entries.reduce((sum, { fields }) => sum + sizeOfUnchecked(fields), 0);
  if (total > maxBatchLength) {
    throw batchRequestTooLong(maxBatchLength, total);
  }
}

function resultOf(queue: Queue, message: OutgoingMessage, enqueued: EnqueuedMessage): JsonObject {
  const { bodyDigest, attributesDigest, messageId, seq } = enqueued;
  const { traceHeader } = message;
  return {
    MessageId: messageId,
    MD5OfMessageBody: bodyDigest,
    ...(attributesDigest && { MD5OfMessageAttributes: attributesDigest }),
    ...(traceHeader && { MD5OfMessageSystemAttributes: digestAttributes([traceHeader]) }),
    ...(queue.fifo && { SequenceNumber: sequenceNumberOf(seq) }),
  };
}

/** A stored message and the MD5 digests of its content, with which the sender checks it. */
interface EnqueuedMessage extends AcceptedMessage {
  readonly bodyDigest: string;
  readonly attributesDigest: string | undefined;
}

/**
 * Puts a checked message into a queue, within the caller's transaction. A duplicate in a FIFO queue
 * is accepted with the first message's identity and not stored.
 */
export function enqueue(broker: Broker, queue: Queue, message: OutgoingMessage): EnqueuedMessage {
  const now = broker.now();
  const { body, attributes } = message;
  const bodyDigest = hash('md5', body, 'hex');
  const attributesDigest = attributes.length > 0 ? digestAttributes(attributes) : undefined;
  const key = deduplicationKey(queue, message);
  const duplicate = queue.fifo && broker.deduplication.find(queue.id, key, now);
  if (duplicate) {
    return { ...duplicate, bodyDigest, attributesDigest };
  }

  const traceHeader = message.traceHeader?.stringValue;
  const messageId = randomUUID();
  const seq = broker.messages.place({
    fifo: queue.fifo,
    queueId: queue.id,
    bodyId: broker.messages.store({ body, bodyDigest, attributes, attributesDigest, traceHeader }),
    messageId,
    visibleAt: now + message.delayMs,
    enqueuedAt: now,
    firstReceivedAt: undefined,
    receives: 0,
    earlierReceives: 0,
    groupId: message.groupId,
    deduplicationId: message.deduplicationId,
    sourceArn: undefined,
  });
  if (queue.fifo) {
    broker.deduplication.put(queue.id, key, { messageId, seq }, now);
  }
  broker.receivers.wake(queue.id);
  broker.messageArrived(queue);
  return { messageId, seq, bodyDigest, attributesDigest };
}

/** The same id in two groups is two messages only if the queue deduplicates by group. */
function deduplicationKey(queue: Queue, { deduplicationId, groupId }: OutgoingMessage): string {
  const byGroup = attributeOf(queue, 'DeduplicationScope') === 'messageGroup';
  // Neither id can contain a line break, so the key is unambiguous.
  return byGroup ? `${groupId}\n${deduplicationId}` : `${deduplicationId}`;
}
