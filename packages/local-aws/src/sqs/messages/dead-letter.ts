import type { Broker } from '../broker.ts';
import type { Queue } from '../queues/queue.ts';
import type { StoredMessage } from './message.ts';

/**
 * Moves a message to the dead-letter queue. It keeps its id and, in a standard queue, the time it
 * was sent, from which its retention goes on counting; in a FIFO queue that time starts anew and its
 * deduplication id becomes its message id (developer guide, "Using dead-letter queues" and
 * "Configure a dead-letter queue redrive").
 */
export function deadLetter(
  broker: Broker,
  message: StoredMessage,
  from: Queue,
  to: Queue,
  now: number,
): void {
  broker.messages.withdraw(message, from.fifo);
  broker.messages.place({
    ...message,
    fifo: to.fifo,
    queueId: to.id,
    visibleAt: now,
    enqueuedAt: to.fifo ? now : message.enqueuedAt,
    receives: 0,
    earlierReceives: message.earlierReceives + message.receives,
    deduplicationId: to.fifo ? message.messageId : message.deduplicationId,
    sourceArn: from.arn,
  });
  broker.receivers.wake(to.id);
  broker.arrived(to);
}
