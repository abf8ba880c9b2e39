import type { StatementSync } from 'node:sqlite';
import type { JsonObject } from '../../aws-service.ts';
import type { Store } from '../../store.ts';
import { notFound } from '../dynamo-error.ts';
import { checkName, type TableDefinition } from './table-definition.ts';

/** The existing tables, in memory and written through to the store. */
export class TableCatalog {
  readonly #tables = new Map<string, TableDefinition>();
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor({ db }: Store) {
    db.exec(`CREATE TABLE IF NOT EXISTS dynamodb_tables (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, definition TEXT NOT NULL) STRICT`);
    this.#put = db.prepare(
      `INSERT INTO dynamodb_tables (name, definition) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET definition = excluded.definition RETURNING id`,
    );
    this.#remove = db.prepare('DELETE FROM dynamodb_tables WHERE name = ?');
    for (const { id, definition } of db
      .prepare('SELECT id, definition FROM dynamodb_tables')
      .all()) {
      this.#remember({ ...JSON.parse(String(definition)), id: Number(id) });
    }
  }

  /** The table that a request names, by name or ARN. */
  named(input: unknown): TableDefinition {
    const known = this.#tables.get(input as string);
    if (known) {
      return known;
    }
    const found = this.#tables.get(nameIn(input));
    if (found) {
      return found;
    }
    throw notFound();
  }

  find(name: string): TableDefinition | undefined {
    return this.#tables.get(name);
  }

  /** Names in order. */
  names(): readonly string[] {
    return [...this.#tables.keys()].sort();
  }

  all(): readonly TableDefinition[] {
    return [...this.#tables.values()];
  }

  /** Adds a table, or has it changed. */
  put(definition: Omit<TableDefinition, 'id'>): TableDefinition {
    const { name } = definition;
    const row = this.#put.get(name, JSON.stringify({ ...definition, id: undefined }));
    return this.#remember({ ...definition, id: Number((row as JsonObject).id) });
  }

  remove(name: string): void {
    this.#remove.run(name);
    this.#tables.delete(name);
  }

  #remember(definition: TableDefinition): TableDefinition {
    this.#tables.set(definition.name, definition);
    return definition;
  }
}

/** Reads the name from `arn:aws:dynamodb:eu-west-1:111122223333:table/name`. */
function nameIn(input: unknown): string {
  const [, name] = /^arn:aws[a-z-]*:dynamodb:[^:]*:\d*:table\/([^/]+)$/.exec(String(input)) ?? [];
  return name ?? checkName(input, 'tableName');
}
