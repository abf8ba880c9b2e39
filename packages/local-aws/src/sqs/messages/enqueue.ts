import { randomUUID } from 'node:crypto';
import type { Broker } from '../broker.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import { attributeOf } from '../queues/queue-attributes.ts';
import type { AcceptedMessage, OutgoingMessage } from './message.ts';
import { digestAttributes, digestBody } from './message-digest.ts';

export interface EnqueuedMessage extends AcceptedMessage {
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
  const bodyDigest = digestBody(body);
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
  broker.arrived(queue);
  return { messageId, seq, bodyDigest, attributesDigest };
}

/** The same id in two groups is two messages only if the queue deduplicates by group. */
function deduplicationKey(queue: Queue, { deduplicationId, groupId }: OutgoingMessage): string {
  const byGroup = attributeOf(queue, 'DeduplicationScope') === 'messageGroup';
  // Neither id can contain a line break, so the key is unambiguous.
  return byGroup ? `${groupId}\n${deduplicationId}` : `${deduplicationId}`;
}
