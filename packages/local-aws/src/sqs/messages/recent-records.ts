import type { DatabaseSync, StatementSync } from 'node:sqlite';

/**
 * SQS keeps deduplication ids and receive attempt ids for 5 minutes (API reference, SendMessage,
 * "The 5-minute deduplication interval", and ReceiveMessage, `ReceiveRequestAttemptId`).
 */
const lifetimeMs = 5 * 60 * 1000;

/** Values that a FIFO queue keeps by key for five minutes, in the store. */
export class RecentRecords<Value> {
  readonly #deleteExpired: StatementSync;
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #clear: StatementSync;

  /** @param table a name of its own for each kind of record */
  constructor(db: DatabaseSync, table: string) {
    db.exec(`CREATE TABLE IF NOT EXISTS ${table} (
        queue_id INTEGER NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        PRIMARY KEY (queue_id, key)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS ${table}_age ON ${table} (queue_id, expires_at)`);
    this.#deleteExpired = db.prepare(`DELETE FROM ${table} WHERE queue_id = ? AND expires_at <= ?`);
    this.#find = db.prepare(`SELECT value FROM ${table} WHERE queue_id = ? AND key = ?`);
    this.#put = db.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?, ?)`);
    this.#clear = db.prepare(`DELETE FROM ${table} WHERE queue_id = ?`);
  }

  /** The value of a key, and deletes the queue's expired records. */
  find(queueId: number, key: string, now: number): Value | undefined {
    this.#deleteExpired.run(queueId, now);
    const row = this.#find.get(queueId, key) as { value: string } | undefined;
    return row && (JSON.parse(row.value) as Value);
  }

  put(queueId: number, key: string, value: Value, now: number): void {
    this.#put.run(queueId, key, JSON.stringify(value), now + lifetimeMs);
  }

  clear(queueId: number): void {
    this.#clear.run(queueId);
  }
}
