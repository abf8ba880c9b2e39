import type { IncomingMessage } from 'node:http';

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
