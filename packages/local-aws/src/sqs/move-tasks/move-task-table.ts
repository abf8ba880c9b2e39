import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredMessage } from '../messages/message.ts';
import { type MessageRow, messageColumns, messageOf } from '../messages/message-row.ts';
import type { MoveTask } from './move-task.ts';

const tableSchema = `
  CREATE TABLE IF NOT EXISTS sqs_move_tasks (
    id TEXT PRIMARY KEY,
    source_arn TEXT NOT NULL,
    destination_arn TEXT,
    rate INTEGER,
    status TEXT NOT NULL,
    moved INTEGER NOT NULL,
    to_move INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    next_step_at REAL NOT NULL,
    failure_reason TEXT
  ) STRICT;
`;

interface TaskRow {
  readonly id: string;
  readonly source_arn: string;
  readonly destination_arn: string | null;
  readonly rate: number | null;
  readonly status: MoveTask['status'];
  readonly moved: number;
  readonly to_move: number;
  readonly last_seq: number;
  readonly started_at: number;
  readonly next_step_at: number;
  readonly failure_reason: string | null;
}

/** Move tasks on disk, and the messages they may move. */
export class MoveTaskTable {
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #find: StatementSync;
  readonly #recent: StatementSync;
  readonly #running: StatementSync;
  readonly #prune: StatementSync;
  readonly #movable: StatementSync;
  readonly #extent: StatementSync;

  constructor(db: DatabaseSync) {
    db.exec(tableSchema);
    this.#insert = db.prepare(
      'INSERT INTO sqs_move_tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#update = db.prepare(
      `UPDATE sqs_move_tasks SET status = ?, moved = ?, next_step_at = ?, failure_reason = ? WHERE id = ?`,
    );
    this.#find = db.prepare('SELECT * FROM sqs_move_tasks WHERE id = ?');
    const recent = 'FROM sqs_move_tasks WHERE source_arn = ? ORDER BY rowid DESC LIMIT';
    this.#recent = db.prepare(`SELECT * ${recent} ?`);
    this.#running = db.prepare(`SELECT * FROM sqs_move_tasks WHERE status = 'RUNNING'`);
    this.#prune = db.prepare(
      `DELETE FROM sqs_move_tasks WHERE source_arn = ? AND id IN (SELECT id ${recent} -1 OFFSET 10)`,
    );
    this.#movable = db.prepare(
      `SELECT ${messageColumns} FROM sqs_messages m JOIN sqs_bodies b ON b.id = m.body_id
       WHERE m.queue_id = ? AND m.visible_at <= ? AND m.seq <= ?
       ORDER BY m.enqueued_at, m.seq LIMIT ?`,
    );
    this.#extent = db.prepare(
      `SELECT count(*) AS n, coalesce(max(seq), 0) AS last FROM sqs_messages
       WHERE queue_id = ? AND head IN (0, 1) AND visible_at <= ?`,
    );
  }

  /** Keeps the source's latest ten tasks, as many as can be listed. */
  insert(task: MoveTask): void {
    this.#insert.run(
      task.id,
      task.sourceArn,
      task.destinationArn ?? null,
      task.rate ?? null,
      task.status,
      task.moved,
      task.toMove,
      task.lastSeq,
      task.startedAt,
      task.nextStepAt,
      task.failureReason ?? null,
    );
    this.#prune.run(task.sourceArn, task.sourceArn);
  }

  update({ status, moved, nextStepAt, failureReason, id }: MoveTask): void {
    this.#update.run(status, moved, nextStepAt, failureReason ?? null, id);
  }

  find(id: string): MoveTask | undefined {
    const row = this.#find.get(id) as TaskRow | undefined;
    return row && taskOf(row);
  }

  /** Newest first. */
  recent(sourceArn: string, limit: number): readonly MoveTask[] {
    return (this.#recent.all(sourceArn, limit) as unknown as TaskRow[]).map(taskOf);
  }

  running(): readonly MoveTask[] {
    return (this.#running.all() as unknown as TaskRow[]).map(taskOf);
  }

  /** Messages that a task may move now, oldest first. */
  movable(queueId: number, now: number, lastSeq: number, limit: number): readonly StoredMessage[] {
    const rows = this.#movable.all(queueId, now, lastSeq, limit) as unknown as MessageRow[];
    return rows.map(messageOf);
  }

  /** How many messages can be moved now, and the last of them. */
  extent(queueId: number, now: number): { readonly toMove: number; readonly lastSeq: number } {
    const { n, last } = this.#extent.get(queueId, now) as { n: number; last: number };
    return { toMove: n, lastSeq: last };
  }
}

const taskOf = (row: TaskRow): MoveTask => ({
  id: row.id,
  sourceArn: row.source_arn,
  destinationArn: row.destination_arn ?? undefined,
  rate: row.rate ?? undefined,
  status: row.status,
  moved: row.moved,
  toMove: row.to_move,
  lastSeq: row.last_seq,
  startedAt: row.started_at,
  nextStepAt: row.next_step_at,
  failureReason: row.failure_reason ?? undefined,
});
