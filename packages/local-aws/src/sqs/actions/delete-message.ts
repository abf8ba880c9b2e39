import type { JsonObject } from '../../aws-service.ts';
import { answerEach, readBatch } from '../batch.ts';
import type { Broker } from '../broker.ts';
import { findByHandle } from '../messages/receipt-handle.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import { requiredString } from '../request.ts';

export function deleteMessage(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  return broker.store.transaction(() => deleteOne(broker, broker.queues.byUrl(url), input));
}

export function deleteMessageBatch(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  const entries = readBatch(input, 'DeleteMessageBatchRequestEntry');
  return broker.store.transaction(() => {
    const queue = broker.queues.byUrl(url);
    return answerEach(entries, ({ fields, label }) =>
      deleteOne(broker, queue, fields, `${label}.`),
    );
  });
}

/** Deleting what is already deleted succeeds. */
function deleteOne(broker: Broker, queue: Queue, input: JsonObject, label = ''): JsonObject {
  const handle = requiredString(input, 'ReceiptHandle', `${label}ReceiptHandle`);
  const message = findByHandle(broker, queue, handle);
  if (message) {
    broker.messages.delete(message, queue.fifo);
  }
  // The next message of a FIFO group may now be delivered.
  if (message && queue.fifo) {
    broker.receivers.wake(queue.id);
  }
  return {};
}
