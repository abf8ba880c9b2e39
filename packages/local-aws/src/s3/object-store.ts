import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';

/** One object of a bucket, without its content. */
export interface ObjectSummary {
  readonly key: string;
  readonly size: number;
  /** The content's MD5 in quotes, as S3 returns it for an object that was put in one request. */
  readonly etag: string;
  readonly modifiedAt: number;
  readonly contentType: string;
}

/** Buckets and their objects, kept in the store. */
export class ObjectStore {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #buckets = new Set<string>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    store.db.exec(`CREATE TABLE IF NOT EXISTS s3_objects (
      bucket TEXT NOT NULL, key TEXT NOT NULL, content BLOB NOT NULL, size INTEGER NOT NULL,
      etag TEXT NOT NULL, modified_at INTEGER NOT NULL, content_type TEXT NOT NULL,
      PRIMARY KEY (bucket, key)) WITHOUT ROWID`);
  }

  createBucket(name: string): void {
    this.#buckets.add(name);
  }

  /** Deletes a bucket's record; its objects are not deleted, but no longer found. */
  deleteBucket(name: string): void {
    this.#buckets.delete(name);
  }

  hasBucket(name: string): boolean {
    return this.#buckets.has(name);
  }

  buckets(): string[] {
    return [...this.#buckets].sort();
  }

  put(bucket: string, key: string, content: Uint8Array, contentType: string): string {
    const etag = `"${createHash('md5').update(content).digest('hex')}"`;
    this.#store.db
      .prepare('INSERT OR REPLACE INTO s3_objects VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(bucket, key, content, content.length, etag, this.#clock.now(), contentType);
    return etag;
  }

  get(bucket: string, key: string): (ObjectSummary & { readonly content: Uint8Array }) | undefined {
    const row = this.#store.db
      .prepare('SELECT * FROM s3_objects WHERE bucket = ? AND key = ?')
      .get(bucket, key);
    return row && { ...summarize(row), content: row.content as Uint8Array };
  }

  delete(bucket: string, key: string): void {
    this.#store.db.prepare('DELETE FROM s3_objects WHERE bucket = ? AND key = ?').run(bucket, key);
  }

  /** The objects whose key begins with `prefix` and comes after `after`, in order of their keys. */
  list(bucket: string, prefix: string, after: string, limit: number): ObjectSummary[] {
    return this.#store.db
      .prepare(
        `SELECT key, size, etag, modified_at, content_type FROM s3_objects
         WHERE bucket = ? AND key > ? AND substr(key, 1, ?) = ? ORDER BY key LIMIT ?`,
      )
      .all(bucket, after, prefix.length, prefix, limit)
      .map(summarize);
  }
}

const summarize = (row: Record<string, unknown>): ObjectSummary => ({
  key: String(row.key),
  size: Number(row.size),
  etag: String(row.etag),
  modifiedAt: Number(row.modified_at),
  contentType: String(row.content_type),
});
