import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JsonObject } from '../../aws-service.ts';
import type { Store } from '../../store.ts';
import { notFound } from '../dynamo-error.ts';
import { attributeOf, type Item } from '../values/attribute-value.ts';
import { type Key, keyInIndex } from './key-of.ts';
import { checkName, type IndexDefinition, type TableDefinition } from './table-definition.ts';

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

  /** Adds a table, or replaces its definition. */
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

/** Which items to read, and in which order. */
export interface Walk {
  /** @default - the table itself */
  readonly index?: IndexDefinition | undefined;
  /** Only this partition. @default - all, one after the other */
  readonly hash?: Buffer | undefined;
  /** Lower bound of the sort key, inclusive. */
  readonly from?: Buffer | undefined;
  /** Upper bound of the sort key, exclusive. */
  readonly to?: Buffer | undefined;
  /** @default false */
  readonly backwards?: boolean | undefined;
  /** Begin behind this item. `place` is its key in the index, the primary key where there is none. */
  readonly after?: { readonly place: Key; readonly key: Key } | undefined;
}

/** An item whose time is longer ago is not deleted (DynamoDB developer guide, "Time to live"). */
const maxExpiredSeconds = 5 * 365 * 86_400;

/** The items of all tables, as JSON, with their places in the secondary indexes. */
export class ItemTable {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor({ db }: Store) {
    this.#db = db;
    db.exec(`
      CREATE TABLE IF NOT EXISTS dynamodb_items (
        tbl INTEGER NOT NULL, hash BLOB NOT NULL, range BLOB NOT NULL, item TEXT NOT NULL,
        expires INTEGER, PRIMARY KEY (tbl, hash, range)) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS dynamodb_expiring ON dynamodb_items (tbl, expires)
        WHERE expires IS NOT NULL;
      CREATE TABLE IF NOT EXISTS dynamodb_indexes (
        tbl INTEGER NOT NULL, name TEXT NOT NULL, hash BLOB NOT NULL, range BLOB NOT NULL,
        item_hash BLOB NOT NULL, item_range BLOB NOT NULL,
        PRIMARY KEY (tbl, name, hash, range, item_hash, item_range)) STRICT, WITHOUT ROWID`);
  }

  get({ id }: TableDefinition, { hash, range }: Key): Item | undefined {
    const row = this.#run(
      'SELECT item FROM dynamodb_items WHERE tbl = ? AND hash = ? AND range = ?',
    ).get(id, hash, range);
    return row && JSON.parse(String(row.item));
  }

  /** Writes an item in place of `before`, the table's present item under this key. */
  put(table: TableDefinition, key: Key, item: Item, before: Item | undefined): void {
    this.#moveInIndexes(table, key, before, item);
    this.#run(
      `INSERT INTO dynamodb_items VALUES (?, ?, ?, ?, ?) ON CONFLICT (tbl, hash, range)
       DO UPDATE SET item = excluded.item, expires = excluded.expires`,
    ).run(table.id, key.hash, key.range, JSON.stringify(item), expiryOf(table, item));
  }

  remove(table: TableDefinition, key: Key, before: Item | undefined): void {
    if (!before) {
      return;
    }
    this.#moveInIndexes(table, key, before, undefined);
    this.#run('DELETE FROM dynamodb_items WHERE tbl = ? AND hash = ? AND range = ?').run(
      table.id,
      key.hash,
      key.range,
    );
  }

  /** The items in order, read lazily. */
  *walk({ id }: TableDefinition, walk: Walk): Generator<Item> {
    const { index, hash, from, to, backwards = false, after } = walk;
    const [behind, direction] = backwards ? ['<', 'DESC'] : ['>', 'ASC'];
    const table = index
      ? `dynamodb_indexes place JOIN dynamodb_items found ON found.tbl = place.tbl
           AND found.hash = place.item_hash AND found.range = place.item_range`
      : 'dynamodb_items place';
    const tests = ['place.tbl = ?'];
    const values: (string | number | Buffer)[] = [id];
    const test = (sql: string, ...given: readonly (string | Buffer)[]) => {
      tests.push(sql);
      values.push(...given);
    };
    if (index) {
      test('place.name = ?', index.name);
    }
    if (hash) {
      test('place.hash = ?', hash);
    }
    if (from) {
      test('place.range >= ?', from);
    }
    if (to) {
      test('place.range < ?', to);
    }
    if (after && index) {
      test(
        `(place.hash, place.range, item_hash, item_range) ${behind} (?, ?, ?, ?)`,
        after.place.hash,
        after.place.range,
        after.key.hash,
        after.key.range,
      );
    } else if (after) {
      test(`(place.hash, place.range) ${behind} (?, ?)`, after.key.hash, after.key.range);
    }
    const order = ['place.hash', 'place.range', ...(index ? ['item_hash', 'item_range'] : [])];
    const sql = `SELECT ${index ? 'found' : 'place'}.item FROM ${table} WHERE ${tests.join(' AND ')}
      ORDER BY ${order.map((each) => `${each} ${direction}`).join(', ')}`;
    // A separate statement, because two iterations may run at the same time.
    for (const row of this.#db.prepare(sql).iterate(...values)) {
      yield JSON.parse(String(row.item));
    }
  }

  count({ id }: TableDefinition): number {
    return Number(
      this.#run('SELECT count(*) AS items FROM dynamodb_items WHERE tbl = ?').get(id)?.items,
    );
  }

  /** Removes all items of a table. */
  clear({ id }: TableDefinition): void {
    this.#run('DELETE FROM dynamodb_items WHERE tbl = ?').run(id);
    this.#run('DELETE FROM dynamodb_indexes WHERE tbl = ?').run(id);
  }

  /** Adds the existing items to a new index. */
  fillIndex(table: TableDefinition, index: IndexDefinition, keyOf: (item: Item) => Key): void {
    for (const item of [...this.walk(table, {})]) {
      const place = keyInIndex(table, index, item);
      if (place) {
        this.#place(table, index, place, keyOf(item));
      }
    }
  }

  /** Deletes an index. */
  clearIndex({ id }: TableDefinition, name: string): void {
    this.#run('DELETE FROM dynamodb_indexes WHERE tbl = ? AND name = ?').run(id, name);
  }

  /**
   * Recomputes when each item expires, after time to live was enabled, disabled or moved to another
   * attribute.
   */
  expireBy(table: TableDefinition): void {
    this.#run('UPDATE dynamodb_items SET expires = NULL WHERE tbl = ? AND expires IS NOT NULL').run(
      table.id,
    );
    if (table.timeToLive === undefined) {
      return;
    }
    const path = `$.${JSON.stringify(table.timeToLive)}.N`;
    this.#run(
      `UPDATE dynamodb_items SET expires = CAST(json_extract(item, ?) AS INTEGER)
       WHERE tbl = ? AND json_extract(item, ?) IS NOT NULL`,
    ).run(path, table.id, path);
  }

  /** At most `limit` items that have expired at `nowSeconds` (epoch seconds). */
  expired({ id }: TableDefinition, nowSeconds: number, limit: number): readonly Item[] {
    return this.#run(
      'SELECT item FROM dynamodb_items WHERE tbl = ? AND expires BETWEEN ? AND ? LIMIT ?',
    )
      .all(id, nowSeconds - maxExpiredSeconds, nowSeconds, limit)
      .map(({ item }) => JSON.parse(String(item)));
  }

  #moveInIndexes(
    table: TableDefinition,
    key: Key,
    before: Item | undefined,
    after: Item | undefined,
  ): void {
    for (const index of table.indexes) {
      const old = before && keyInIndex(table, index, before);
      const place = after && keyInIndex(table, index, after);
      if (old && place && old.hash.equals(place.hash) && old.range.equals(place.range)) {
        continue;
      }
      if (old) {
        this.#run(
          `DELETE FROM dynamodb_indexes WHERE tbl = ? AND name = ? AND hash = ? AND range = ?
           AND item_hash = ? AND item_range = ?`,
        ).run(table.id, index.name, old.hash, old.range, key.hash, key.range);
      }
      if (place) {
        this.#place(table, index, place, key);
      }
    }
  }

  #place({ id }: TableDefinition, { name }: IndexDefinition, place: Key, key: Key): void {
    this.#run('INSERT OR REPLACE INTO dynamodb_indexes VALUES (?, ?, ?, ?, ?, ?)').run(
      id,
      name,
      place.hash,
      place.range,
      key.hash,
      key.range,
    );
  }

  #run(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function expiryOf({ timeToLive }: TableDefinition, item: Item): number | null {
  const value = timeToLive === undefined ? undefined : attributeOf(item, timeToLive);
  const seconds = value && 'N' in value ? Math.floor(Number(value.N)) : Number.NaN;
  return Number.isSafeInteger(seconds) ? seconds : null;
}
