import type { JsonObject } from '../../aws-service.ts';
import { answerEach, type BatchEntry, readBatch } from '../batch.ts';
import type { Broker } from '../broker.ts';
import { type EnqueuedMessage, enqueue } from '../messages/enqueue.ts';
import { type OutgoingMessage, sequenceNumberOf } from '../messages/message.ts';
import { digestAttributes } from '../messages/message-digest.ts';
import { readOutgoingMessage, sizeOfUnchecked } from '../messages/outgoing-message.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import { requiredString } from '../request.ts';
import { batchRequestTooLong } from '../sqs-error.ts';

export function sendMessage(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  return broker.store.transaction(() => {
    const queue = broker.queues.byUrl(url);
    const message = readOutgoingMessage(queue, input);
    return answer(queue, message, enqueue(broker, queue, message));
  });
}

/** "The sum of the individual lengths of all of the batched messages" (API reference, SendMessageBatch). */
const maxBatchLength = 1_048_576;

export function sendMessageBatch(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  const entries = readBatch(input, 'SendMessageBatchRequestEntry');
  return broker.store.transaction(() => {
    const queue = broker.queues.byUrl(url);
    checkTotal(entries);
    const send = (entry: BatchEntry, message = read(queue, entry)) =>
      answer(queue, message, enqueue(broker, queue, message));
    if (!queue.fifo) {
      return answerEach(entries, send);
    }
    // One bad entry of a FIFO batch refuses the batch: sending the others would break the order.
    const messages = new Map(entries.map((entry) => [entry.id, read(queue, entry)]));
    return answerEach(entries, (entry) => send(entry, messages.get(entry.id)));
  });
}

const read = (queue: Queue, { fields, label }: BatchEntry) =>
  readOutgoingMessage(queue, fields, label);

/**
 * Counts before anything is checked, since an invalid total is reported before the errors of single
 * entries.
 */
function checkTotal(entries: readonly BatchEntry[]): void {
  const total = entries.reduce((sum, { fields }) => sum + sizeOfUnchecked(fields), 0);
  if (total > maxBatchLength) {
    throw batchRequestTooLong(maxBatchLength, total);
  }
}

function answer(queue: Queue, message: OutgoingMessage, enqueued: EnqueuedMessage): JsonObject {
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
