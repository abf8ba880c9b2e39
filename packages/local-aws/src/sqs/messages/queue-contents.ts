import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Queue } from '../queues/queue-addresses.ts';
import { millisecondsOf } from '../queues/queue-attributes.ts';
import { type MessageRow, messageColumns, messageOf, type StoredMessage } from './message.ts';

interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** Statements that concern all messages of a queue. Callers hold the transaction. */
export class QueueContents {
  readonly #visible: StatementSync;
  readonly #hidden: StatementSync;
  readonly #oldest: StatementSync;
  readonly #list: StatementSync;
  readonly #clearBodies: StatementSync;
  readonly #clear: StatementSync;
  readonly #promoteAll: StatementSync;
  readonly #delay: StatementSync;

  constructor(db: DatabaseSync) {
    this.#visible = db.prepare(
      'SELECT count(*) AS n FROM sqs_messages WHERE queue_id = ? AND head IN (0, 1) AND visible_at <= ?',
    );
    this.#hidden = db.prepare(
      `SELECT count(*) AS n, total(receives = 0) AS delayed FROM sqs_messages
       WHERE queue_id = ? AND head IN (0, 1) AND visible_at > ?`,
    );
    this.#oldest = db.prepare(
      'SELECT enqueued_at AS at FROM sqs_messages WHERE queue_id = ? ORDER BY enqueued_at LIMIT 1',
    );
    this.#list = db.prepare(
      `SELECT ${messageColumns} FROM sqs_messages m JOIN sqs_bodies b ON b.id = m.body_id
       WHERE m.queue_id = ? ORDER BY m.enqueued_at, m.seq LIMIT ?`,
    );
    const upTo = 'FROM sqs_messages WHERE queue_id = ? AND enqueued_at <= ?';
    this.#clearBodies = db.prepare(`DELETE FROM sqs_bodies WHERE id IN (SELECT body_id ${upTo})`);
    this.#clear = db.prepare(`DELETE ${upTo}`);
    this.#promoteAll = db.prepare(
      `UPDATE sqs_messages AS m SET head = 1 WHERE m.queue_id = ? AND m.head = 0 AND NOT EXISTS
         (SELECT 1 FROM sqs_messages e
          WHERE e.queue_id = m.queue_id AND e.group_id = m.group_id AND e.seq < m.seq)`,
    );
    this.#delay = db.prepare(
      'UPDATE sqs_messages SET visible_at = enqueued_at + ? WHERE queue_id = ? AND receives = 0',
    );
  }

  count(queueId: number, now: number): QueueCounts {
    const { n: visible } = this.#visible.get(queueId, now) as { n: number };
    const hidden = this.#hidden.get(queueId, now) as { n: number; delayed: number };
    return { visible, inFlight: hidden.n - hidden.delayed, delayed: hidden.delayed };
  }

  /** Oldest first, whatever their state. */
  list(queueId: number, limit: number): readonly StoredMessage[] {
    return (this.#list.all(queueId, limit) as unknown as MessageRow[]).map(messageOf);
  }

  /**
   * Deletes messages older than the queue's retention period, in flight or not. Returns whether
   * there were any.
   */
  expire(queue: Queue, now: number): boolean {
    const expiresAt = this.nextExpiryAt(queue);
    if (expiresAt === undefined || expiresAt > now) {
      return false;
    }
    this.#clearUpTo(queue.id, now - millisecondsOf(queue, 'MessageRetentionPeriod'));
    if (queue.fifo) {
      this.#promoteAll.run(queue.id);
    }
    return true;
  }

  /** When the oldest message will reach the retention period. */
  nextExpiryAt(queue: Queue): number | undefined {
    const oldest = this.#oldest.get(queue.id) as { at: number } | undefined;
    return oldest && oldest.at + millisecondsOf(queue, 'MessageRetentionPeriod');
  }

  clear(queueId: number): void {
    this.#clearUpTo(queueId, Number.MAX_SAFE_INTEGER);
  }

  /** Applies a new delay of a FIFO queue to the messages that wait (developer guide, "Delay queues"). */
  delay(queueId: number, delayMs: number): void {
    this.#delay.run(delayMs, queueId);
  }

  #clearUpTo(queueId: number, enqueuedAt: number): void {
    this.#clearBodies.run(queueId, enqueuedAt);
    this.#clear.run(queueId, enqueuedAt);
  }
}

/** "A maximum of approximately 120,000 in flight messages" (API reference, ChangeMessageVisibility). */
export const maxInFlight = 120_000;

/**
 * Limits the in-flight messages of each queue. Keeps an upper bound in memory, because deletes and
 * visibility timeouts only lower the true number, and counts in the store when the bound reaches the
 * limit.
 */
export class InFlightLimit {
  readonly #contents: QueueContents;
  readonly #limit: number;
  readonly #upperBounds = new Map<number, number>();

  constructor(contents: QueueContents, limit: number) {
    this.#contents = contents;
    this.#limit = limit;
  }

  /** How many of `wanted` messages may be received now. */
  available(queue: Queue, wanted: number, now: number): number {
    const known = this.#upperBounds.get(queue.id);
    if (known === undefined || known + wanted > this.#limit) {
      this.#upperBounds.set(queue.id, this.#contents.count(queue.id, now).inFlight);
    }
    return Math.min(wanted, this.#limit - (this.#upperBounds.get(queue.id) ?? 0));
  }

  add(queueId: number, received: number): void {
    this.#upperBounds.set(queueId, (this.#upperBounds.get(queueId) ?? 0) + received);
  }

  forget(queueId: number): void {
    this.#upperBounds.delete(queueId);
  }
}
