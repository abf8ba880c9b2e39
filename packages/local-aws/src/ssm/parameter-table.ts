import type { DatabaseSync } from 'node:sqlite';
import { AwsError, type JsonObject } from '../aws-service.ts';
import { readPageToken } from '../page.ts';

/** One parameter, its present version. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly version: number;
  readonly description: string | undefined;
  /** The value that a template declared at the last start. */
  readonly declared: string | undefined;
  /** Milliseconds. */
  readonly modifiedAt: number;
}

/** The parameters in the store. */
export class ParameterTable {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    db.exec(`CREATE TABLE IF NOT EXISTS ssm_parameters (
      name TEXT PRIMARY KEY, type TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL,
      description TEXT, declared TEXT, modified_at INTEGER NOT NULL) STRICT`);
  }

  put({ name, type, value, version, description, declared, modifiedAt }: Parameter): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO ssm_parameters VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(
        name,
        type,
        value,
        version,
        description ?? null,
        declared ?? null,
        Math.floor(modifiedAt),
      );
  }

  find(name: string): Parameter | undefined {
    const row = this.#db.prepare('SELECT * FROM ssm_parameters WHERE name = ?').get(name);
    return row && read(row);
  }

  /** Those whose names begin with `prefix` and come after `after`, in order. */
  list(prefix: string, after: string, limit: number): Parameter[] {
    return this.#db
      .prepare(
        `SELECT * FROM ssm_parameters WHERE name > ? AND substr(name, 1, ?) = ?
         ORDER BY name LIMIT ?`,
      )
      .all(after, prefix.length, prefix, limit)
      .map(read);
  }

  /** Returns whether the parameter existed. */
  remove(name: string): boolean {
    return this.#db.prepare('DELETE FROM ssm_parameters WHERE name = ?').run(name).changes > 0;
  }
}

const read = (row: Record<string, unknown>): Parameter => ({
  name: String(row.name),
  type: String(row.type),
  value: String(row.value),
  version: Number(row.version),
  description: row.description === null ? undefined : String(row.description),
  declared: row.declared === null ? undefined : String(row.declared),
  modifiedAt: Number(row.modified_at),
});

const invalid = (message: string) => new AwsError('ValidationException', message);

/** A required text. */
export function readText(input: JsonObject, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '' && value.length <= 8_192) {
    return value;
  }
  throw invalid(`${member} must be a text.`);
}

/** A list of one to `max` texts. */
export function readTextList(input: JsonObject, member: string, max: number): string[] {
  const value = input[member];
  if (
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= max &&
    value.every((item) => typeof item === 'string')
  ) {
    return value;
  }
  throw invalid(`${member} must be a list of 1 to ${max} texts.`);
}

/** The page size of a list request, and the name after which it begins. */
export function readPage(
  input: JsonObject,
  max: number,
): { readonly limit: number; readonly after: string } {
  const { MaxResults = max, NextToken } = input;
  if (!Number.isInteger(MaxResults) || Number(MaxResults) < 1 || Number(MaxResults) > max) {
    throw invalid(`MaxResults must be a whole number from 1 to ${max}.`);
  }
  const after = NextToken === undefined ? '' : readPageToken(String(NextToken));
  if (after === undefined) {
    throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
  }
  return { limit: Number(MaxResults), after };
}
