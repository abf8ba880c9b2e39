import type { StoredMessage } from './message.ts';

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
