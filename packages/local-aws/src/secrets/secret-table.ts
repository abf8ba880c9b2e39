import type { DatabaseSync } from 'node:sqlite';

/** One secret and its present value. */
export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description: string | undefined;
  /** The value that a template or its environment said at the last start. */
  readonly said: string | undefined;
  readonly value: string;
  readonly versionId: string;
  /** Milliseconds. */
  readonly createdAt: number;
}

/** The secrets in the store. */
export class SecretTable {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    db.exec(`CREATE TABLE IF NOT EXISTS secrets (
      name TEXT PRIMARY KEY, arn TEXT NOT NULL UNIQUE, description TEXT, said TEXT,
      value TEXT NOT NULL, version_id TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT`);
  }

  put({ name, arn, description, said, value, versionId, createdAt }: Secret): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO secrets VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(name, arn, description ?? null, said ?? null, value, versionId, Math.floor(createdAt));
  }

  /** By name or ARN. */
  find(id: string): Secret | undefined {
    const row = this.#db.prepare('SELECT * FROM secrets WHERE name = ? OR arn = ?').get(id, id);
    return row && read(row);
  }

  list(): Secret[] {
    return this.#db.prepare('SELECT * FROM secrets ORDER BY name').all().map(read);
  }

  remove(id: string): void {
    this.#db.prepare('DELETE FROM secrets WHERE name = ? OR arn = ?').run(id, id);
  }
}

const read = (row: Record<string, unknown>): Secret => ({
  name: String(row.name),
  arn: String(row.arn),
  description: row.description === null ? undefined : String(row.description),
  said: row.said === null ? undefined : String(row.said),
  value: String(row.value),
  versionId: String(row.version_id),
  createdAt: Number(row.created_at),
});
