import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** The kinds of resources that are kept by name. */
export type ResourceKind =
  | 'bus'
  | 'rule'
  | 'target'
  | 'archive'
  | 'replay'
  | 'connection'
  | 'api-destination'
  | 'tags';

/** A page of a listing: names that come after another, with a common beginning. */
export interface Slice {
  readonly prefix: string;
  readonly after: string;
  readonly limit: number;
}

/**
 * Resources of one kind: each a name, unique in its scope (the bus of a rule, the rule of a
 * target), and its settings as JSON.
 */
export class ResourceTable<Resource> {
  readonly #kind: ResourceKind;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteScope: StatementSync;
  readonly #list: StatementSync;
  readonly #all: StatementSync;

  constructor(db: DatabaseSync, kind: ResourceKind) {
    db.exec(`CREATE TABLE IF NOT EXISTS eventbridge_resources (
      kind TEXT NOT NULL,
      scope TEXT NOT NULL,
      name TEXT NOT NULL,
      settings TEXT NOT NULL,
      PRIMARY KEY (kind, scope, name)
    ) STRICT, WITHOUT ROWID`);
    const where = 'WHERE kind = ? AND scope = ?';
    this.#kind = kind;
    this.#get = db.prepare(`SELECT settings FROM eventbridge_resources ${where} AND name = ?`);
    this.#put = db.prepare('INSERT OR REPLACE INTO eventbridge_resources VALUES (?, ?, ?, ?)');
    this.#delete = db.prepare(`DELETE FROM eventbridge_resources ${where} AND name = ?`);
    this.#deleteScope = db.prepare(`DELETE FROM eventbridge_resources ${where}`);
    this.#list = db.prepare(
      `SELECT settings FROM eventbridge_resources ${where} AND name > ? AND substr(name, 1, ?) = ?
       ORDER BY name LIMIT ?`,
    );
    this.#all = db.prepare(
      'SELECT settings FROM eventbridge_resources WHERE kind = ? ORDER BY scope, name',
    );
  }

  get(scope: string, name: string): Resource | undefined {
    const row = this.#get.get(this.#kind, scope, name);
    return row && (JSON.parse(String(row.settings)) as Resource);
  }

  put(scope: string, name: string, resource: Resource): void {
    this.#put.run(this.#kind, scope, name, JSON.stringify(resource));
  }

  delete(scope: string, name: string): void {
    this.#delete.run(this.#kind, scope, name);
  }

  deleteScope(scope: string): void {
    this.#deleteScope.run(this.#kind, scope);
  }

  list(scope: string, slice?: Slice): Resource[] {
    const { prefix, after, limit } = slice ?? { prefix: '', after: '', limit: -1 };
    return this.#list
      .all(this.#kind, scope, after, prefix.length, prefix, limit)
      .map((row) => JSON.parse(String(row.settings)) as Resource);
  }

  /** All of the kind, of every scope. */
  all(): Resource[] {
    return this.#all.all(this.#kind).map((row) => JSON.parse(String(row.settings)) as Resource);
  }
}
