import type { JsonObject } from '../../aws-service.ts';
import type { Broker } from '../broker.ts';
import type { ReceivedState } from '../messages/message-table.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import { answerEach, integerWithin, readBatch, requiredString } from '../request.ts';
import {
  invalidParameterValue,
  missingParameter,
  receiptHandleIsInvalid,
  UnusableReceiptHandle,
} from '../sqs-error.ts';

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

export function changeMessageVisibility(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  return broker.store.transaction(() => changeOne(broker, broker.queues.byUrl(url), input));
}

export function changeMessageVisibilityBatch(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  const entries = readBatch(input, 'ChangeMessageVisibilityBatchRequestEntry');
  return broker.store.transaction(() => {
    const queue = broker.queues.byUrl(url);
    return answerEach(entries, ({ fields, label }) =>
      changeOne(broker, queue, fields, `${label}.`),
    );
  });
}

const maxSeconds = 43_200;

function changeOne(broker: Broker, queue: Queue, input: JsonObject, label = ''): JsonObject {
  const handle = requiredString(input, 'ReceiptHandle', `${label}ReceiptHandle`);
  const seconds = integerWithin(input, 'VisibilityTimeout', 0, maxSeconds);
  if (seconds === undefined) {
    throw missingParameter(`${label}VisibilityTimeout`);
  }
  const message = findByHandle(broker, queue, handle);
  const now = broker.now();
  // A message that is visible again is not in flight, even for its last receiver.
  if (!message || message.visibleAt <= now) {
    throw new UnusableReceiptHandle(
      handle,
      'Message does not exist or is not available for visibility timeout change',
    );
  }
  const visibleAt = now + seconds * 1000;
  if (visibleAt - (message.receivedAt ?? now) > maxSeconds * 1000) {
    throw invalidParameterValue(
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [${maxSeconds} seconds]`,
    );
  }
  broker.messages.setVisibleAt(message.seq, visibleAt);
  broker.receivers.wake(queue.id);
  return {};
}

/**
 * The message of a receipt handle; `undefined` when it has been deleted. A standard queue accepts
 * also a handle of an earlier receive. A FIFO queue accepts a handle only while its visibility
 * timeout runs, since afterwards another consumer may process the group.
 */
function findByHandle(broker: Broker, queue: Queue, handle: string): ReceivedState | undefined {
  const receipt = broker.handles.read(handle);
  if (receipt?.queueId !== queue.id) {
    throw receiptHandleIsInvalid();
  }
  const message = broker.messages.findState(receipt.seq, queue.id);
  const isOutdated =
    message && (message.receives !== receipt.receive || message.visibleAt <= broker.now());
  if (queue.fifo && isOutdated) {
    throw new UnusableReceiptHandle(handle, 'The receipt handle has expired');
  }
  return message;
}
