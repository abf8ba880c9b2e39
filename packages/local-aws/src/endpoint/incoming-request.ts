import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

const loopback = /^(localhost|[a-z0-9.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** Whether the Host is one of this machine's own names; a DNS name that was rebound to it is not. */
export function hasLoopbackHost({ host }: IncomingHttpHeaders): boolean {
  return loopback.test(host ?? '');
}

/** Where a request of a web page comes from. */
export interface BrowserRequest {
  /** The header `Origin`, which a browser sends with every POST; "null" for a sandboxed page. */
  readonly origin: string | undefined;
  /** The header `Sec-Fetch-Site`. */
  readonly site: string | undefined;
}

/**
 * What a browser says of a request that a web page made; undefined for a program's request, and for a URL
 * that a person opened. Any page that somebody looks at can make requests to ports of this machine, and no
 * page can leave these headers out (https://fetch.spec.whatwg.org/#origin-header,
 * https://www.w3.org/TR/fetch-metadata/).
 */
export function browserRequestOf(headers: IncomingHttpHeaders): BrowserRequest | undefined {
  const { origin } = headers;
  const site = headers['sec-fetch-site']?.toString();
  const isPerson = site === undefined || site === 'none' || site === 'same-origin';
  return origin === undefined && isPerson ? undefined : { origin, site };
}

/** A request's body, or why there is none: it is larger than allowed, or the client has gone. */
export type BodyResult = Buffer | 'too large' | 'aborted';

/**
 * Reads a request's body of at most `maxBytes`. Resolves with `too large` as soon as the header
 * `Content-Length` or the received data exceeds it; further data is discarded.
 *
 * @param onAccepted called before the body is read, for clients that wait for `100 Continue`
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  onAccepted = () => {},
): Promise<BodyResult> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    return Promise.resolve('too large');
  }
  onAccepted();
  const { promise, resolve } = Promise.withResolvers<BodyResult>();
  const chunks: Buffer[] = [];
  let length = 0;
  // Uses events, since async iteration costs as much as all the rest of a small request.
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= maxBytes) {
      chunks.push(chunk);
    } else {
      resolve('too large');
    }
  });
  request.once('end', () => {
    resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
  });
  request.once('error', () => resolve('aborted'));
  request.once('close', () => resolve('aborted'));
  return promise;
}
