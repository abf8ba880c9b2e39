import type { JsonObject } from '../../aws-service.ts';
import type { Broker } from '../broker.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import type { StoredMessage } from './message.ts';
import { writeMessageAttributes } from './message-attributes.ts';

/** A message in its queue. Times are epoch milliseconds. */
export interface PeekedMessage {
  readonly messageId: string;
  readonly body: string;
  /** In the API's form, by name. */
  readonly messageAttributes: JsonObject;
  readonly state: 'visible' | 'inFlight' | 'delayed';
  readonly sentAt: number;
  /** When its delay or visibility timeout ends; in the past for a visible message. */
  readonly visibleAt: number;
  /** Receives in all queues it has been in. */
  readonly receiveCount: number;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  /** The queue it was dead-lettered from. */
  readonly deadLetterSourceArn: string | undefined;
}

export function peekMessages(
  broker: Broker,
  queue: Queue,
  limit: number,
): readonly PeekedMessage[] {
  const now = broker.now();
  return broker.store.transaction(() => {
    broker.contents.expire(queue, now);
    return broker.contents.list(queue.id, limit).map((message) => describe(message, now));
  });
}

function describe(message: StoredMessage, now: number): PeekedMessage {
  const hidden = message.receives > 0 ? 'inFlight' : 'delayed';
  return {
    messageId: message.messageId,
    body: message.body,
    messageAttributes: writeMessageAttributes(message.attributes),
    state: message.visibleAt > now ? hidden : 'visible',
    sentAt: message.enqueuedAt,
    visibleAt: message.visibleAt,
    receiveCount: message.earlierReceives + message.receives,
    groupId: message.groupId,
    deduplicationId: message.deduplicationId,
    deadLetterSourceArn: message.sourceArn,
  };
}
