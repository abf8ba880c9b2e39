import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The properties of a request, without its body. */
export interface RequestFacts {
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly domainName: string;
  readonly protocol: string;
  readonly traceId: string;
}

/** `time` is in epoch milliseconds. */
export function readRequestFacts(request: IncomingMessage, time: number): RequestFacts {
  const [path, query] = splitOnce((request.url ?? '/').replace(origin, ''), '?');
  return {
    requestId: newRequestId(),
    time: Math.floor(time),
    method: request.method ?? 'GET',
    path: path || '/',
    query,
    sourceIp: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    userAgent: request.headers['user-agent'] ?? '',
    domainName: request.headers.host?.replace(/:\d+$/, '') ?? '',
    protocol: `HTTP/${request.httpVersion}`,
    traceId: request.headers['x-amzn-trace-id']?.toString() ?? newTraceId(time),
  };
}

/** The request line and the values of the headers, which is what the quota counts. */
export function countHeaderBytes(request: IncomingMessage): number {
  const { method, url, httpVersion, rawHeaders } = request;
  let bytes = `${method} ${url} HTTP/${httpVersion}`.length;
  for (let index = 1; index < rawHeaders.length; index += 2) {
    bytes += rawHeaders[index]?.length ?? 0;
  }
  return bytes;
}

/** 15 characters and an equals sign, as API Gateway's: `JKJaXmPLvHcESHA=`. */
export function newRequestId(): string {
  return `${Buffer.from(randomHex(), 'hex').toString('base64url').slice(0, 15)}=`;
}

function newTraceId(time: number): string {
  const seconds = Math.floor(time / 1000).toString(16);
  return `Root=1-${seconds.padStart(8, '0')}-${randomHex()}`;
}

/**
 * 24 digits, taken from a UUID: Node.js generates UUIDs in batches, whereas each `randomBytes` is a
 * system call.
 */
function randomHex(): string {
  const uuid = randomUUID();
  return uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(24);
}

/** A request line may contain the absolute URL (RFC 9112, section 3.2.2). */
const origin = /^https?:\/\/[^/?]*/i;

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
