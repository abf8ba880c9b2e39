import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Queue } from '../queues/queue-addresses.ts';
import { attributeOf } from '../queues/queue-attributes.ts';
import type { OutgoingMessage } from './message.ts';

/** "The 5-minute deduplication interval" (API reference, SendMessage). */
const intervalMs = 5 * 60 * 1000;

const tableSchema = `
  CREATE TABLE IF NOT EXISTS sqs_deduplications (
    queue_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    message_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    forgotten_at INTEGER NOT NULL,
    PRIMARY KEY (queue_id, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS sqs_deduplications_age ON sqs_deduplications (queue_id, forgotten_at);
`;

export interface AcceptedMessage {
  readonly messageId: string;
  readonly seq: number;
}

/** The messages that a FIFO queue accepted in the deduplication interval, deleted ones included. */
export class Deduplication {
  readonly #forget: StatementSync;
  readonly #find: StatementSync;
  readonly #remember: StatementSync;
  readonly #clear: StatementSync;

  constructor(db: DatabaseSync) {
    db.exec(tableSchema);
    this.#forget = db.prepare(
      'DELETE FROM sqs_deduplications WHERE queue_id = ? AND forgotten_at <= ?',
    );
    this.#find = db.prepare(
      'SELECT message_id, seq FROM sqs_deduplications WHERE queue_id = ? AND key = ?',
    );
    this.#remember = db.prepare('INSERT INTO sqs_deduplications VALUES (?, ?, ?, ?, ?)');
    this.#clear = db.prepare('DELETE FROM sqs_deduplications WHERE queue_id = ?');
  }

  /** The message that the queue accepted before under the same id. */
  findAccepted(queue: Queue, message: OutgoingMessage, now: number): AcceptedMessage | undefined {
    this.#forget.run(queue.id, now);
    const row = this.#find.get(queue.id, keyOf(queue, message)) as
      | { message_id: string; seq: number }
      | undefined;
    return row && { messageId: row.message_id, seq: row.seq };
  }

  remember(queue: Queue, message: OutgoingMessage, accepted: AcceptedMessage, now: number): void {
    const { messageId, seq } = accepted;
    this.#remember.run(queue.id, keyOf(queue, message), messageId, seq, now + intervalMs);
  }

  clear(queueId: number): void {
    this.#clear.run(queueId);
  }
}

/** The same id in two groups is two messages only if the queue deduplicates by group. */
function keyOf(queue: Queue, { deduplicationId, groupId }: OutgoingMessage): string {
  const byGroup = attributeOf(queue, 'DeduplicationScope') === 'messageGroup';
  // Neither id can contain a line break, so the key is unambiguous.
  return byGroup ? `${groupId}\n${deduplicationId}` : `${deduplicationId}`;
}
