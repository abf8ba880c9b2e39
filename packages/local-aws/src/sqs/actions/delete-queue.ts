import type { JsonObject } from '../../aws-service.ts';
import type { Broker } from '../broker.ts';
import { requiredString } from '../request.ts';
import { purgeQueueInProgress } from '../sqs-error.ts';

/** Deletes a queue and its messages. Waiting receivers get the error `QueueDoesNotExist`. */
export function deleteQueue(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  broker.store.transaction(() => {
    const queue = broker.queues.byUrl(url);
    broker.empty(queue);
    broker.queues.delete(queue, broker.now());
    broker.receivers.wake(queue.id);
  });
  return {};
}

/** API reference, PurgeQueueInProgress. */
const betweenPurgesMs = 60_000;

/** Deletes all messages of a queue, those in flight and delayed included. */
export function purgeQueue(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  broker.store.transaction(() => {
    const queue = broker.queues.byUrl(url);
    const now = broker.now();
    if (queue.purgedAt !== undefined && now - queue.purgedAt < betweenPurgesMs) {
      throw purgeQueueInProgress(queue.name);
    }
    broker.empty(queue);
    broker.queues.setPurged(queue, now);
  });
  return {};
}
