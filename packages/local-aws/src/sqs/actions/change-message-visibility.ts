import type { JsonObject } from '../../aws-service.ts';
import { answerEach, readBatch } from '../batch.ts';
import type { Broker } from '../broker.ts';
import { findByHandle } from '../messages/receipt-handle.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import { integerWithin, requiredString } from '../request.ts';
import { invalidParameterValue, missingParameter, UnusableReceiptHandle } from '../sqs-error.ts';

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
