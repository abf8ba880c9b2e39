import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { AwsRequest, AwsResponse, Protocol } from '../endpoint/aws-endpoint.ts';
import { tag, xmlDocument } from '../endpoint/protocols.ts';
import type { Store } from '../store.ts';

/** Maximum number of keys in one response (S3 API reference, ListObjectsV2). */
const maxKeys = 1000;

/**
 * S3's REST API for path-style requests: put, get, head, delete and list. Enough for claim checks,
 * and for `aws s3 cp` and `aws s3 ls` of objects that fit in one request.
 */
export function s3Protocol(objects: ObjectStore): Protocol {
  return async (request) => {
    if (request.service !== 's3') {
      return undefined;
    }
    const [bucket = '', ...path] = decodeURIComponent(request.url.pathname).slice(1).split('/');
    const key = path.join('/');
    if (bucket === '') {
      return listBuckets(objects);
    }
    if (!objects.hasBucket(bucket)) {
      return failure(404, 'NoSuchBucket', 'The specified bucket does not exist');
    }
    return key === ''
      ? onBucket(request, bucket, objects)
      : onObject(request, bucket, key, objects);
  };
}

function onBucket({ method, url }: AwsRequest, bucket: string, objects: ObjectStore): AwsResponse {
  if (method === 'HEAD') {
    return { status: 200, body: '' };
  }
  if (method !== 'GET') {
    return failure(405, 'MethodNotAllowed', 'The specified method is not allowed.');
  }
  const prefix = url.searchParams.get('prefix') ?? '';
  const after =
    url.searchParams.get('continuation-token') ?? url.searchParams.get('start-after') ?? '';
  const limit = Math.min(Number(url.searchParams.get('max-keys') ?? maxKeys), maxKeys);
  const found = objects.list(bucket, prefix, after, limit + 1);
  const page = found.slice(0, limit);
  const isTruncated = found.length > limit;
  return xml(
    'ListBucketResult',
    tag('Name', bucket) +
      tag('Prefix', prefix) +
      tag('KeyCount', page.length) +
      tag('MaxKeys', limit) +
      tag('IsTruncated', isTruncated) +
      (isTruncated ? tag('NextContinuationToken', page.at(-1)?.key ?? '') : '') +
      page.map(listed).join(''),
  );
}

function onObject(
  request: AwsRequest,
  bucket: string,
  key: string,
  objects: ObjectStore,
): AwsResponse {
  switch (request.method) {
    case 'PUT': {
      const contentType = request.headers['content-type'] ?? 'binary/octet-stream';
      const etag = objects.put(bucket, key, contentOf(request), contentType);
      return { status: 200, headers: { etag }, body: '' };
    }
    case 'GET':
    case 'HEAD': {
      const object = objects.get(bucket, key);
      if (!object) {
        return failure(404, 'NoSuchKey', 'The specified key does not exist.');
      }
      const headers = {
        etag: object.etag,
        'content-type': object.contentType,
        'last-modified': new Date(object.modifiedAt).toUTCString(),
      };
      if (request.method === 'HEAD') {
        return {
          status: 200,
          headers: { ...headers, 'content-length': String(object.size) },
          body: '',
        };
      }
      return { status: 200, headers, body: object.content };
    }
    case 'DELETE':
      objects.delete(bucket, key);
      return { status: 204, body: '' };
    default:
      return failure(405, 'MethodNotAllowed', 'The specified method is not allowed.');
  }
}

/** The object's bytes; the AWS SDK may send them in signed chunks with a checksum behind them. */
function contentOf({ headers, body }: AwsRequest): Buffer {
  if (!String(headers['content-encoding'] ?? '').includes('aws-chunked')) {
    return body;
  }
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', at);
    if (lineEnd < 0) {
      break;
    }
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (!(size > 0)) {
      break;
    }
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(parts);
}

function listBuckets(objects: ObjectStore): AwsResponse {
  const buckets = objects.buckets().map((name) =>
    tag('Bucket', tag('Name', name) + tag('CreationDate', new Date(0).toISOString()), {
      raw: true,
    }),
  );
  return xml('ListAllMyBucketsResult', tag('Buckets', buckets.join(''), { raw: true }));
}

const listed = ({ key, size, etag, modifiedAt }: ObjectSummary) =>
  tag(
    'Contents',
    tag('Key', key) +
      tag('Size', size) +
      tag('ETag', etag) +
      tag('LastModified', new Date(modifiedAt).toISOString()) +
      tag('StorageClass', 'STANDARD'),
    { raw: true },
  );

const xml = (root: string, inner: string): AwsResponse => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: xmlDocument(root, inner, 'http://s3.amazonaws.com/doc/2006-03-01/'),
});

const failure = (status: number, code: string, message: string): AwsResponse => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: xmlDocument('Error', tag('Code', code) + tag('Message', message)),
});

/** One object of a bucket, without its content. */
interface ObjectSummary {
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
