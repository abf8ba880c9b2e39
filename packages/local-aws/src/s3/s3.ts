import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { AwsRequest, AwsResponse, Protocol } from '../endpoint/aws-endpoint.ts';
import { tag, xmlDocument } from '../endpoint/protocols.ts';
import type { Store } from '../store.ts';

/** Maximum number of keys in one response (S3 API reference, ListObjectsV2). */
const maxKeys = 1000;

/**
 * S3's REST API for path-style requests: put (also if an object does not exist, or is unchanged), get, head, delete
 * and list. Enough for claim checks, and for `aws s3 cp` and `aws s3 ls` of objects that fit in one request. Other
 * operations are refused, since most differ from these in a parameter or a header only.
 */
export function s3Protocol(objects: ObjectStore): Protocol {
  return async (request) => {
    if (request.service !== 's3') {
      return undefined;
    }
    const [bucket = '', ...path] = decodeURIComponent(request.url.pathname).slice(1).split('/');
    const key = path.join('/');
    if (isOther(request)) {
      return failure(501, 'NotImplemented', 'The local run does not have this operation of S3.');
    }
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

/** Parameters of the operations that are answered here; others select another operation (`tagging`, `uploadId`). */
const knownParameters = new Set([
  'continuation-token',
  'delimiter',
  'encoding-type',
  'fetch-owner',
  'list-type',
  'max-keys',
  'prefix',
  'start-after',
  'x-id',
]);

const isOther = ({ url, headers }: AwsRequest) =>
  headers['x-amz-copy-source'] !== undefined ||
  [...url.searchParams.keys()].some((name) => !knownParameters.has(name));

function onBucket({ method, url }: AwsRequest, bucket: string, objects: ObjectStore): AwsResponse {
  if (method === 'HEAD') {
    return { status: 200, body: '' };
  }
  if (method !== 'GET') {
    return failure(405, 'MethodNotAllowed', 'The specified method is not allowed.');
  }
  const prefix = url.searchParams.get('prefix') ?? '';
  const delimiter = url.searchParams.get('delimiter') ?? '';
  const after =
    url.searchParams.get('continuation-token') ?? url.searchParams.get('start-after') ?? '';
  const limit = Math.min(Number(url.searchParams.get('max-keys') ?? maxKeys), maxKeys);
  const found = entriesOf(objects, bucket, { prefix, delimiter, after, limit: limit + 1 });
  const page = found.slice(0, limit);
  const isTruncated = found.length > limit;
  return xml(
    'ListBucketResult',
    tag('Name', bucket) +
      tag('Prefix', prefix) +
      (delimiter && tag('Delimiter', delimiter)) +
      tag('KeyCount', page.length) +
      tag('MaxKeys', limit) +
      tag('IsTruncated', isTruncated) +
      (isTruncated ? tag('NextContinuationToken', page.at(-1)?.last ?? '') : '') +
      page.map(({ text }) => text).join(''),
  );
}

interface Listing {
  readonly prefix: string;
  readonly delimiter: string;
  readonly after: string;
  readonly limit: number;
}

/**
 * The entries of a listing: objects, and once each common prefix up to the delimiter, with the last key that an
 * entry stands for.
 */
function entriesOf(
  objects: ObjectStore,
  bucket: string,
  { prefix, delimiter, after, limit }: Listing,
): { readonly text: string; readonly last: string }[] {
  if (delimiter === '') {
    return objects
      .list(bucket, prefix, after, limit)
      .map((object) => ({ text: listed(object), last: object.key }));
  }
  const entries: { readonly text: string; readonly last: string }[] = [];
  for (let last = after; entries.length < limit; ) {
    const [object] = objects.list(bucket, prefix, last, 1);
    if (!object) {
      break;
    }
    const end = object.key.indexOf(delimiter, prefix.length);
    if (end < 0) {
      last = object.key;
      entries.push({ text: listed(object), last });
    } else {
      const common = object.key.slice(0, end + delimiter.length);
      last = common + lastCharacter;
      entries.push({ text: tag('CommonPrefixes', tag('Prefix', common), { raw: true }), last });
    }
  }
  return entries;
}

/** The character that sorts last: every key that begins with a prefix comes before the prefix and this. */
const lastCharacter = '\u{10ffff}';

function onObject(
  request: AwsRequest,
  bucket: string,
  key: string,
  objects: ObjectStore,
): AwsResponse {
  switch (request.method) {
    case 'PUT': {
      const refusal = refuseWrite(request, objects.get(bucket, key));
      if (refusal) {
        return refusal;
      }
      const etag = objects.put(bucket, key, contentOf(request), headersToKeep(request));
      return { status: 200, headers: { etag }, body: '' };
    }
    case 'GET':
    case 'HEAD': {
      const object = objects.get(bucket, key);
      if (!object) {
        return failure(404, 'NoSuchKey', 'The specified key does not exist.');
      }
      const headers = {
        ...object.headers,
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

/** The response to a conditional write whose condition does not hold (S3 User Guide, "Conditional requests"). */
function refuseWrite(
  { headers }: AwsRequest,
  present: ObjectSummary | undefined,
): AwsResponse | undefined {
  const { 'if-none-match': noneMatch, 'if-match': match } = headers;
  if (match !== undefined && !present) {
    return failure(404, 'NoSuchKey', 'The specified key does not exist.');
  }
  if ((noneMatch === '*' && present) || (match !== undefined && match !== present?.etag)) {
    return failure(
      412,
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
    );
  }
  return undefined;
}

/** The headers of a PUT that S3 returns with the object. */
function headersToKeep({ headers }: AwsRequest): Record<string, string> {
  const encoding = String(headers['content-encoding'] ?? '').replace(/(, *)?aws-chunked(, *)?/, '');
  const kept = Object.entries({ ...headers, 'content-encoding': encoding || undefined }).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' &&
      /^(content-(type|encoding|disposition|language)|cache-control|expires|x-amz-meta-.+)$/.test(
        entry[0],
      ),
  );
  return { 'content-type': 'binary/octet-stream', ...Object.fromEntries(kept) };
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

interface StoredObject extends ObjectSummary {
  readonly content: Uint8Array;
  /** Headers of the PUT besides the content type, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
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
      PRIMARY KEY (bucket, key)) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS s3_headers (
        bucket TEXT NOT NULL, key TEXT NOT NULL, headers TEXT NOT NULL,
        PRIMARY KEY (bucket, key)) STRICT, WITHOUT ROWID`);
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

  /** Stores an object with the headers that are returned with it, and returns its ETag. */
  put(
    bucket: string,
    key: string,
    content: Uint8Array,
    { 'content-type': contentType = '', ...headers }: Readonly<Record<string, string>>,
  ): string {
    const etag = `"${createHash('md5').update(content).digest('hex')}"`;
    this.#store.transaction(() => {
      const { db } = this.#store;
      db.prepare('INSERT OR REPLACE INTO s3_objects VALUES (?, ?, ?, ?, ?, ?, ?)').run(
        ...[bucket, key, content, content.length, etag, this.#clock.now(), contentType],
      );
      db.prepare('INSERT OR REPLACE INTO s3_headers VALUES (?, ?, ?)').run(
        ...[bucket, key, JSON.stringify(headers)],
      );
    });
    return etag;
  }

  get(bucket: string, key: string): StoredObject | undefined {
    const row = this.#store.db
      .prepare(
        'SELECT * FROM s3_objects LEFT JOIN s3_headers USING (bucket, key) WHERE bucket = ? AND key = ?',
      )
      .get(bucket, key);
    return (
      row && {
        ...summarize(row),
        content: row.content as Uint8Array,
        headers: JSON.parse(String(row.headers ?? '{}')),
      }
    );
  }

  delete(bucket: string, key: string): void {
    this.#store.transaction(() => {
      for (const table of ['s3_objects', 's3_headers']) {
        this.#store.db
          .prepare(`DELETE FROM ${table} WHERE bucket = ? AND key = ?`)
          .run(bucket, key);
      }
    });
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
