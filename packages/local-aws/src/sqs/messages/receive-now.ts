import type { JsonObject } from '../../aws-service.ts';
import type { Broker } from '../broker.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import { millisecondsOf } from '../queues/queue-attributes.ts';
import type { StoredMessage } from './message.ts';
import { type Selection, writeMessage } from './received-message.ts';
import { takeMessages } from './take-messages.ts';

export interface ReceiveRequest {
  readonly max: number;
  /** None: the queue's own visibility timeout. */
  readonly visibilityMs: number | undefined;
  readonly attemptId: string | undefined;
  readonly selection: Selection;
}

/** Receives the messages that can be received now; `undefined` when there are none. */
export function receiveNow(
  broker: Broker,
  queue: Queue,
  request: ReceiveRequest,
): JsonObject | undefined {
  const due = broker.messages.due(queue.id, broker.now(), request.max);
  // Avoids a transaction for each poll of an empty standard queue. A FIFO queue always needs one:
  // an attempt may be repeated, or a group may become receivable because its first message expired.
  if (due.length === 0 && !queue.fifo) {
    return undefined;
  }
  const taken = broker.store.transaction(() => take(broker, queue, request, due));
  if (taken.length === 0) {
    return undefined;
  }
  return {
    Messages: taken.map((message) => ({
      ReceiptHandle: broker.handles.write({
        queueId: queue.id,
        seq: message.seq,
        receive: message.receives,
      }),
      ...writeMessage(broker, queue, message, request.selection),
    })),
  };
}

function take(
  broker: Broker,
  queue: Queue,
  request: ReceiveRequest,
  due: readonly StoredMessage[],
): readonly StoredMessage[] {
  const { max, attemptId } = request;
  const visibilityMs = request.visibilityMs ?? millisecondsOf(queue, 'VisibilityTimeout');
  if (attemptId === undefined) {
    return takeMessages(broker, queue, { due, max, visibilityMs });
  }
  const now = broker.now();
  const repeated = repeat(broker, queue, attemptId, now + visibilityMs);
  const taken = repeated ?? takeMessages(broker, queue, { due, max, visibilityMs });
  if (taken.length > 0) {
    const received = taken.map(({ seq, receives, visibleAt }) => ({ seq, receives, visibleAt }));
    broker.attempts.put(queue.id, attemptId, received, now);
  }
  return taken;
}

/**
 * The messages of an earlier receive with the same attempt id, hidden again, with the same handles.
 * None if any of them was deleted, became visible or had its visibility changed since (API
 * reference, ReceiveMessage, `ReceiveRequestAttemptId`).
 */
function repeat(
  broker: Broker,
  queue: Queue,
  attemptId: string,
  visibleAt: number,
): readonly StoredMessage[] | undefined {
  const now = broker.now();
  const earlier = broker.attempts.find(queue.id, attemptId, now) ?? [];
  const messages = earlier.flatMap((taken) => {
    const message = broker.messages.find(taken.seq, queue.id);
    const untouched =
      message && message.receives === taken.receives && message.visibleAt === taken.visibleAt;
    return untouched && message.visibleAt > now ? [{ ...message, visibleAt }] : [];
  });
  if (messages.length === 0 || messages.length < earlier.length) {
    return undefined;
  }
  for (const message of messages) {
    broker.messages.saveReceive(message, now);
  }
  return messages;
}
