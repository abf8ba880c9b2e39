import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** `ReceiveRequestAttemptId` serves for 5 minutes (API reference, ReceiveMessage). */
const rememberedMs = 5 * 60 * 1000;

const tableSchema = `
  CREATE TABLE IF NOT EXISTS sqs_receive_attempts (
    queue_id INTEGER NOT NULL,
    attempt_id TEXT NOT NULL,
    taken TEXT NOT NULL,
    forgotten_at INTEGER NOT NULL,
    PRIMARY KEY (queue_id, attempt_id)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * A message's state after a receive attempt; if it has changed since, the attempt cannot be
 * repeated.
 */
export interface Taken {
  readonly seq: number;
  readonly receives: number;
  readonly visibleAt: number;
}

/** Receives of a FIFO queue that a consumer can repeat when it lost the response. */
export class ReceiveAttempts {
  readonly #forget: StatementSync;
  readonly #find: StatementSync;
  readonly #remember: StatementSync;
  readonly #clear: StatementSync;

  constructor(db: DatabaseSync) {
    db.exec(tableSchema);
    this.#forget = db.prepare(
      'DELETE FROM sqs_receive_attempts WHERE queue_id = ? AND forgotten_at <= ?',
    );
    this.#find = db.prepare(
      'SELECT taken FROM sqs_receive_attempts WHERE queue_id = ? AND attempt_id = ?',
    );
    this.#remember = db.prepare('INSERT OR REPLACE INTO sqs_receive_attempts VALUES (?, ?, ?, ?)');
    this.#clear = db.prepare('DELETE FROM sqs_receive_attempts WHERE queue_id = ?');
  }

  find(queueId: number, attemptId: string, now: number): readonly Taken[] {
    this.#forget.run(queueId, now);
    const row = this.#find.get(queueId, attemptId) as { taken: string } | undefined;
    return row ? JSON.parse(row.taken) : [];
  }

  remember(queueId: number, attemptId: string, taken: readonly Taken[], now: number): void {
    const text = JSON.stringify(
      taken.map(({ seq, receives, visibleAt }) => ({ seq, receives, visibleAt })),
    );
    this.#remember.run(queueId, attemptId, text, now + rememberedMs);
  }

  clear(queueId: number): void {
    this.#clear.run(queueId);
  }
}
