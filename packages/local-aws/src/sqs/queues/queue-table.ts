import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { queueDoesNotExist } from '../sqs-error.ts';
import { isFifoName, type Queue, type QueueAddresses } from './queue-addresses.ts';
import { readRedrivePolicy } from './queue-attributes.ts';

const tables = `
  CREATE TABLE IF NOT EXISTS sqs_queues (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    attributes TEXT NOT NULL,
    tags TEXT NOT NULL,
    dead_letter_arn TEXT,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    purged_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS sqs_deleted_queues (
    name TEXT PRIMARY KEY,
    deleted_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

interface QueueRow {
  readonly id: number;
  readonly name: string;
  readonly attributes: string;
  readonly tags: string;
  readonly created_at: number;
  readonly modified_at: number;
  readonly purged_at: number | null;
}

/**
 * The queues on disk. Read for each call instead of cached, because a caller's transaction may roll
 * back; one row by its name costs a few microseconds.
 */
export class QueueTable {
  readonly addresses: QueueAddresses;
  readonly #byName: StatementSync;
  readonly #byId: StatementSync;
  readonly #insert: StatementSync;
  readonly #setAttributes: StatementSync;
  readonly #setTags: StatementSync;
  readonly #setPurged: StatementSync;
  readonly #delete: StatementSync;
  readonly #rememberDeleted: StatementSync;
  readonly #deletedAt: StatementSync;
  readonly #list: StatementSync;
  readonly #sources: StatementSync;

  constructor(db: DatabaseSync, addresses: QueueAddresses) {
    this.addresses = addresses;
    db.exec(tables);
    this.#byName = db.prepare('SELECT * FROM sqs_queues WHERE name = ?');
    this.#byId = db.prepare('SELECT * FROM sqs_queues WHERE id = ?');
    this.#insert = db.prepare(
      `INSERT INTO sqs_queues (name, attributes, tags, dead_letter_arn, created_at, modified_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?5)`,
    );
    this.#setAttributes = db.prepare(
      'UPDATE sqs_queues SET attributes = ?, dead_letter_arn = ?, modified_at = ? WHERE id = ?',
    );
    this.#setTags = db.prepare('UPDATE sqs_queues SET tags = ? WHERE id = ?');
    this.#setPurged = db.prepare('UPDATE sqs_queues SET purged_at = ? WHERE id = ?');
    this.#delete = db.prepare('DELETE FROM sqs_queues WHERE id = ?');
    this.#rememberDeleted = db.prepare('INSERT OR REPLACE INTO sqs_deleted_queues VALUES (?, ?)');
    this.#deletedAt = db.prepare('SELECT deleted_at FROM sqs_deleted_queues WHERE name = ?');
    this.#list = db.prepare(
      `SELECT name FROM sqs_queues
       WHERE name > ?1 AND substr(name, 1, length(?2)) = ?2 ORDER BY name LIMIT ?3`,
    );
    this.#sources = db.prepare(
      'SELECT name FROM sqs_queues WHERE dead_letter_arn = ? AND name > ? ORDER BY name LIMIT ?',
    );
  }

  find(name: string | undefined): Queue | undefined {
    return name === undefined ? undefined : this.#queue(this.#byName.get(name));
  }

  findById(id: number): Queue | undefined {
    return this.#queue(this.#byId.get(id));
  }

  findByArn(arn: string): Queue | undefined {
    return this.find(this.addresses.nameInArn(arn));
  }

  /** Throws `QueueDoesNotExist`. */
  byArn(arn: string): Queue {
    const queue = this.findByArn(arn);
    if (!queue) {
      throw queueDoesNotExist();
    }
    return queue;
  }

  /** Throws `QueueDoesNotExist`, or `InvalidAddress` for text that is not a queue URL. */
  byUrl(url: string): Queue {
    const queue = this.find(this.addresses.nameInUrl(url));
    if (!queue) {
      throw queueDoesNotExist();
    }
    return queue;
  }

  insert(
    name: string,
    attributes: ReadonlyMap<string, string>,
    tags: ReadonlyMap<string, string>,
    now: number,
  ): void {
    this.#insert.run(name, toText(attributes), toText(tags), deadLetterArn(attributes), now);
  }

  setAttributes(queue: Queue, attributes: ReadonlyMap<string, string>, now: number): void {
    this.#setAttributes.run(toText(attributes), deadLetterArn(attributes), now, queue.id);
  }

  setTags(queue: Queue, tags: ReadonlyMap<string, string>): void {
    this.#setTags.run(toText(tags), queue.id);
  }

  setPurged(queue: Queue, now: number): void {
    this.#setPurged.run(now, queue.id);
  }

  delete(queue: Queue, now: number): void {
    this.#delete.run(queue.id);
    this.#rememberDeleted.run(queue.name, now);
  }

  deletedAt(name: string): number | undefined {
    return (this.#deletedAt.get(name) as { deleted_at: number } | undefined)?.deleted_at;
  }

  /** Names in order, after the name `after`. */
  list(prefix: string, after: string, limit: number): readonly string[] {
    return names(this.#list.all(after, prefix, limit));
  }

  /** Names of the queues whose dead-letter queue this is. */
  sourcesOf(deadLetterArn: string, after: string, limit: number): readonly string[] {
    return names(this.#sources.all(deadLetterArn, after, limit));
  }

  #queue(found: unknown): Queue | undefined {
    const row = found as QueueRow | undefined;
    return (
      row && {
        id: row.id,
        name: row.name,
        arn: this.addresses.arnOf(row.name),
        fifo: isFifoName(row.name),
        attributes: fromText(row.attributes),
        tags: fromText(row.tags),
        createdAt: row.created_at,
        modifiedAt: row.modified_at,
        purgedAt: row.purged_at ?? undefined,
      }
    );
  }
}

const toText = (map: ReadonlyMap<string, string>) => JSON.stringify([...map]);

/** Cached by text, so that it is not parsed again for each message. */
const parsedTexts = new Map<string, ReadonlyMap<string, string>>();
const maxParsed = 1_000;

function fromText(text: string): ReadonlyMap<string, string> {
  const known = parsedTexts.get(text);
  if (known) {
    return known;
  }
  const parsed: ReadonlyMap<string, string> = new Map(JSON.parse(text));
  if (parsedTexts.size >= maxParsed) {
    parsedTexts.clear();
  }
  parsedTexts.set(text, parsed);
  return parsed;
}

const names = (rows: readonly object[]) => (rows as { name: string }[]).map(({ name }) => name);

function deadLetterArn(attributes: ReadonlyMap<string, string>): string | null {
  const policy = attributes.get('RedrivePolicy');
  return policy === undefined ? null : readRedrivePolicy(policy).deadLetterTargetArn;
}
