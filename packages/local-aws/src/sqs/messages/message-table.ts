import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type MessageRow,
  type MessageState,
  messageColumns,
  messageOf,
  messageTables,
  type StoredMessage,
} from './message.ts';

/** A message's queue and its state there. */
type Placement = Omit<
  StoredMessage,
  'seq' | 'body' | 'bodyDigest' | 'attributes' | 'attributesDigest' | 'traceHeader'
> & { readonly fifo: boolean };

export type Content = Pick<
  StoredMessage,
  'body' | 'bodyDigest' | 'attributes' | 'attributesDigest' | 'traceHeader'
>;

/** A message's state with the time of its last receive from this queue. */
export interface ReceivedState extends MessageState {
  readonly receivedAt: number | undefined;
}

type StateRow = Pick<MessageRow, 'body_id' | 'group_id' | 'visible_at' | 'receives'> & {
  readonly received_at: number | null;
};

/** The SQL statements for the messages of all queues. Callers hold the transaction. */
export class MessageTable {
  readonly #insertBody: StatementSync;
  readonly #insert: StatementSync;
  readonly #inGroup: StatementSync;
  readonly #bySeq: StatementSync;
  readonly #stateBySeq: StatementSync;
  readonly #due: StatementSync;
  readonly #nextInGroup: StatementSync;
  readonly #nextDueAt: StatementSync;
  readonly #received: StatementSync;
  readonly #setVisibleAt: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteBody: StatementSync;
  readonly #promote: StatementSync;

  constructor(db: DatabaseSync) {
    db.exec(messageTables);
    const select = (where: string) =>
      db.prepare(
        `SELECT ${messageColumns} FROM sqs_messages m JOIN sqs_bodies b ON b.id = m.body_id WHERE ${where}`,
      );
    this.#insertBody = db.prepare(
      'INSERT INTO sqs_bodies (body, digest, attributes, attributes_digest, trace) VALUES (?, ?, ?, ?, ?)',
    );
    this.#insert = db.prepare(
      `INSERT INTO sqs_messages (queue_id, body_id, message_id, head, visible_at, enqueued_at,
         first_received_at, receives, earlier_receives, group_id, deduplication_id, source_arn)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#inGroup = db.prepare(
      'SELECT 1 FROM sqs_messages WHERE queue_id = ? AND group_id = ? LIMIT 1',
    );
    this.#bySeq = select('m.seq = ? AND m.queue_id = ?');
    this.#stateBySeq = db.prepare(
      `SELECT body_id, group_id, visible_at, receives, received_at FROM sqs_messages
       WHERE seq = ? AND queue_id = ?`,
    );
    this.#due = select(
      'm.queue_id = ? AND m.head = 1 AND m.visible_at <= ? ORDER BY m.visible_at, m.seq LIMIT ?',
    );
    this.#nextInGroup = select(
      'm.queue_id = ? AND m.group_id = ? AND m.seq > ? ORDER BY m.seq LIMIT 1',
    );
    this.#nextDueAt = db.prepare(
      'SELECT min(visible_at) AS at FROM sqs_messages WHERE queue_id = ? AND head = 1 AND visible_at > ?',
    );
    this.#received = db.prepare(
      `UPDATE sqs_messages SET visible_at = ?, received_at = ?, first_received_at = ?, receives = ?
       WHERE seq = ?`,
    );
    this.#setVisibleAt = db.prepare('UPDATE sqs_messages SET visible_at = ? WHERE seq = ?');
    this.#delete = db.prepare('DELETE FROM sqs_messages WHERE seq = ?');
    this.#deleteBody = db.prepare('DELETE FROM sqs_bodies WHERE id = ?');
    this.#promote = db.prepare(
      `UPDATE sqs_messages SET head = 1 WHERE head = 0 AND seq =
         (SELECT seq FROM sqs_messages WHERE queue_id = ? AND group_id = ? ORDER BY seq LIMIT 1)`,
    );
  }

  /** Stores a message's content and returns its number, for `place`. */
  store(content: Content): number {
    const { attributes, attributesDigest, traceHeader } = content;
    const stored = this.#insertBody.run(
      content.body,
      content.bodyDigest,
      attributes.length > 0 ? JSON.stringify(attributes) : null,
      attributesDigest ?? null,
      traceHeader ?? null,
    );
    return Number(stored.lastInsertRowid);
  }

  /** Puts stored content at the end of a queue. Returns the message's `seq`. */
  place(to: Placement): number {
    const groupId = to.groupId ?? null;
    const head = !to.fifo || this.#inGroup.get(to.queueId, groupId) === undefined;
    const placed = this.#insert.run(
      to.queueId,
      to.bodyId,
      to.messageId,
      head ? 1 : 0,
      to.visibleAt,
      to.enqueuedAt,
      to.firstReceivedAt ?? null,
      to.receives,
      to.earlierReceives,
      groupId,
      to.deduplicationId ?? null,
      to.sourceArn ?? null,
    );
    return Number(placed.lastInsertRowid);
  }

  find(seq: number, queueId: number): StoredMessage | undefined {
    const row = this.#bySeq.get(seq, queueId) as MessageRow | undefined;
    return row && messageOf(row);
  }

  /** A message without its content, and when it was last received. */
  findState(seq: number, queueId: number): ReceivedState | undefined {
    const row = this.#stateBySeq.get(seq, queueId) as StateRow | undefined;
    return (
      row && {
        seq,
        queueId,
        bodyId: row.body_id,
        groupId: row.group_id ?? undefined,
        visibleAt: row.visible_at,
        receives: row.receives,
        receivedAt: row.received_at ?? undefined,
      }
    );
  }

  /** Heads that can be received now, the one that waits longest first. */
  due(queueId: number, now: number, limit: number): readonly StoredMessage[] {
    return (this.#due.all(queueId, now, limit) as unknown as MessageRow[]).map(messageOf);
  }

  nextInGroup(message: StoredMessage): StoredMessage | undefined {
    const { queueId, groupId, seq } = message;
    const row = this.#nextInGroup.get(queueId, groupId ?? null, seq) as MessageRow | undefined;
    return row && messageOf(row);
  }

  /** When a head that is hidden now will next become visible. */
  nextDueAt(queueId: number, now: number): number | undefined {
    return (this.#nextDueAt.get(queueId, now) as { at: number | null }).at ?? undefined;
  }

  /** Writes the state that a receive changed. */
  saveReceive(message: StoredMessage, receivedAt: number): void {
    const { visibleAt, firstReceivedAt, receives, seq } = message;
    this.#received.run(visibleAt, receivedAt, firstReceivedAt ?? null, receives, seq);
  }

  setVisibleAt(seq: number, visibleAt: number): void {
    this.#setVisibleAt.run(visibleAt, seq);
  }

  delete(message: MessageState, fifo: boolean): void {
    this.withdraw(message, fifo);
    this.#deleteBody.run(message.bodyId);
  }

  /** Removes a message from its queue but keeps its content, to be placed in another queue. */
  withdraw(message: MessageState, fifo: boolean): void {
    this.#delete.run(message.seq);
    if (fifo) {
      this.#promote.run(message.queueId, message.groupId ?? null);
    }
  }
}
