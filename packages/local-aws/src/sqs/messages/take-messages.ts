import type { Broker } from '../broker.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import { readRedrivePolicy } from '../queues/queue-attributes.ts';
import { overLimit } from '../sqs-error.ts';
import type { StoredMessage } from './message.ts';

/**
 * Receives up to `max` messages: they are hidden for `visibilityMs` and counted as received.
 * Messages that have reached `maxReceiveCount` move to the dead-letter queue instead. Runs in the
 * caller's transaction.
 *
 * In a FIFO queue only a group's first message opens the group: while it is in flight, nothing of
 * the group is delivered; when it is visible, the messages behind it follow up to the first that is
 * not (developer guide, "FIFO queue delivery logic").
 */
export function takeMessages(
  broker: Broker,
  queue: Queue,
  { due, max, visibilityMs, isLongPoll }: TakeRequest,
): readonly StoredMessage[] {
  const now = broker.now();
  const expired = broker.contents.expire(queue, now);
  const available = broker.inFlight.available(queue, max, now);
  if (available <= 0) {
    // A FIFO queue and long polling return no error (API reference, ChangeMessageVisibility; developer
    // guide, "Amazon SQS standard queue quotas").
    if (queue.fifo || isLongPoll) {
      return [];
    }
    throw overLimit('The maximum number of in flight messages is reached.');
  }
  const retire = deadLetterRule(broker, queue, now);
  const taken = new Map<number, StoredMessage>();
  let heads = expired ? broker.messages.due(queue.id, now, available) : due;
  let retired: boolean;
  do {
    retired = false;
    for (const head of heads) {
      let message: StoredMessage | undefined = head;
      while (
        message &&
        message.visibleAt <= now &&
        taken.size < available &&
        !taken.has(message.seq)
      ) {
        const next: StoredMessage | undefined = queue.fifo
          ? broker.messages.nextInGroup(message)
          : undefined;
        if (retire?.(message)) {
          retired = true;
        } else {
          taken.set(message.seq, receive(broker, message, now, visibilityMs));
        }
        message = next;
      }
    }
    // With a visibility timeout of 0 the received messages are still due.
    if (retired) {
      heads = broker.messages.due(queue.id, now, available + taken.size);
    }
  } while (retired && taken.size < available);
  broker.inFlight.add(queue.id, taken.size);
  return [...taken.values()];
}

interface TakeRequest {
  /** Heads that are due, at least `max` of them if available. */
  readonly due: readonly StoredMessage[];
  readonly max: number;
  /** How long the messages are hidden. */
  readonly visibilityMs: number;
  readonly isLongPoll: boolean;
}

function receive(
  broker: Broker,
  message: StoredMessage,
  now: number,
  visibilityMs: number,
): StoredMessage {
  const received = {
    ...message,
    visibleAt: now + visibilityMs,
    firstReceivedAt: message.firstReceivedAt ?? now,
    receives: message.receives + 1,
  };
  broker.messages.saveReceive(received, now);
  return received;
}

/**
 * Moves a message to the dead-letter queue when it has reached `maxReceiveCount`, and returns
 * whether it did; never without a redrive policy.
 */
function deadLetterRule(broker: Broker, queue: Queue, now: number) {
  const text = queue.attributes.get('RedrivePolicy');
  if (text === undefined) {
    return undefined;
  }
  const { deadLetterTargetArn, maxReceiveCount } = readRedrivePolicy(text);
  const target = broker.queues.findByArn(deadLetterTargetArn);
  // When the dead-letter queue no longer exists, the message stays in its queue and is not lost.
  if (!target || target.id === queue.id || target.fifo !== queue.fifo) {
    return undefined;
  }
  return (message: StoredMessage) => {
    if (message.receives < maxReceiveCount) {
      return false;
    }
    deadLetter(broker, message, queue, target, now);
    return true;
  };
}

/**
 * Moves a message to the dead-letter queue. It keeps its id and, in a standard queue, the time it
 * was sent, from which its retention continues to count; in a FIFO queue that time is reset and its
 * deduplication id becomes its message id (developer guide, "Using dead-letter queues" and
 * "Configure a dead-letter queue redrive").
 */
function deadLetter(
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
  broker.messageArrived(to);
}
