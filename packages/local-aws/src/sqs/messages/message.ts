import type { MessageAttribute } from './message-attributes.ts';

/** A message that was checked and waits to be stored. */
export interface OutgoingMessage {
  readonly body: string;
  readonly attributes: readonly MessageAttribute[];
  readonly traceHeader: MessageAttribute | undefined;
  /** `MessageGroupId`: order within a FIFO queue, the tenant in a standard one. */
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly delayMs: number;
}

/** The mutable state of a message in its queue. Times are epoch milliseconds. */
export interface MessageState {
  /** Order of arrival over all queues, never reused. */
  readonly seq: number;
  readonly queueId: number;
  readonly bodyId: number;
  readonly groupId: string | undefined;
  /** When it can be received: the end of its delay or of its visibility timeout. */
  readonly visibleAt: number;
  /** Number of receives from this queue; those from an earlier queue are `earlierReceives`. */
  readonly receives: number;
}

export interface StoredMessage extends MessageState {
  readonly messageId: string;
  /** `SentTimestamp`, from which retention counts. */
  readonly enqueuedAt: number;
  readonly firstReceivedAt: number | undefined;
  readonly earlierReceives: number;
  readonly deduplicationId: string | undefined;
  /** The queue it was dead-lettered from. */
  readonly sourceArn: string | undefined;
  readonly body: string;
  readonly bodyDigest: string;
  readonly attributes: readonly MessageAttribute[];
  readonly attributesDigest: string | undefined;
  readonly traceHeader: string | undefined;
}

/** The identity of a message that a queue accepted. */
export interface AcceptedMessage {
  readonly messageId: string;
  readonly seq: number;
}

/** A message's state after a receive; if it has changed since, the receive cannot be repeated. */
export type ReceivedMessage = Pick<MessageState, 'seq' | 'receives' | 'visibleAt'>;

/**
 * `SequenceNumber` of FIFO queues: 20 digits, growing, not consecutive (API reference,
 * SendMessageResult).
 */
export const sequenceNumberOf = (seq: number): string =>
  String(10_000_000_000_000_000_000n + BigInt(seq) * 256n);

/**
 * `head` marks the messages that can be received next: the first message of each group of a FIFO
 * queue, every message of a standard queue. Content is in a separate table, so that a receive
 * rewrites a small row and not a body of up to 1 MiB. `seq` is never reused (AUTOINCREMENT),
 * because receipt handles name it.
 */
export const messageTables = `
  CREATE TABLE IF NOT EXISTS sqs_bodies (
    id INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    digest TEXT NOT NULL,
    attributes TEXT,
    attributes_digest TEXT,
    trace TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS sqs_messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    queue_id INTEGER NOT NULL,
    body_id INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    head INTEGER NOT NULL,
    visible_at INTEGER NOT NULL,
    enqueued_at INTEGER NOT NULL,
    received_at INTEGER,
    first_received_at INTEGER,
    receives INTEGER NOT NULL,
    earlier_receives INTEGER NOT NULL,
    group_id TEXT,
    deduplication_id TEXT,
    source_arn TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS sqs_messages_due ON sqs_messages (queue_id, head, visible_at);
  CREATE INDEX IF NOT EXISTS sqs_messages_age ON sqs_messages (queue_id, enqueued_at);
  CREATE INDEX IF NOT EXISTS sqs_messages_group ON sqs_messages (queue_id, group_id, seq)
    WHERE group_id IS NOT NULL;
`;

export const messageColumns = `
  m.seq, m.queue_id, m.body_id, m.message_id, m.visible_at, m.enqueued_at, m.first_received_at,
  m.receives, m.earlier_receives, m.group_id, m.deduplication_id, m.source_arn,
  b.body, b.digest, b.attributes, b.attributes_digest, b.trace`;

export interface MessageRow {
  readonly seq: number;
  readonly queue_id: number;
  readonly body_id: number;
  readonly message_id: string;
  readonly visible_at: number;
  readonly enqueued_at: number;
  readonly first_received_at: number | null;
  readonly receives: number;
  readonly earlier_receives: number;
  readonly group_id: string | null;
  readonly deduplication_id: string | null;
  readonly source_arn: string | null;
  readonly body: string;
  readonly digest: string;
  readonly attributes: string | null;
  readonly attributes_digest: string | null;
  readonly trace: string | null;
}

export const messageOf = (row: MessageRow): StoredMessage => ({
  seq: row.seq,
  queueId: row.queue_id,
  bodyId: row.body_id,
  messageId: row.message_id,
  visibleAt: row.visible_at,
  enqueuedAt: row.enqueued_at,
  firstReceivedAt: row.first_received_at ?? undefined,
  receives: row.receives,
  earlierReceives: row.earlier_receives,
  groupId: row.group_id ?? undefined,
  deduplicationId: row.deduplication_id ?? undefined,
  sourceArn: row.source_arn ?? undefined,
  body: row.body,
  bodyDigest: row.digest,
  attributes: row.attributes === null ? [] : JSON.parse(row.attributes),
  attributesDigest: row.attributes_digest ?? undefined,
  traceHeader: row.trace ?? undefined,
});
