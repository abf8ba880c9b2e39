import type { IncomingMessage } from 'node:http';

/** The possible results of reading a body. */
export type BodyResult = Buffer | 'too large' | 'aborted';

/**
 * Reads a request's body up to `limit` bytes. Stops at once when it is larger, or `Content-Length`
 * says so; the rest stays unread. `ask` is called before a body that is accepted.
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  ask: () => void,
): Promise<BodyResult> {
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    return Promise.resolve('too large');
  }
  ask();
  const { promise, resolve } = Promise.withResolvers<BodyResult>();
  const chunks: Buffer[] = [];
  let length = 0;
  const onData = (chunk: Buffer) => {
    length += chunk.length;
    chunks.push(chunk);
    if (length <= limit) {
      return;
    }
    request.off('data', onData);
    request.pause();
    resolve('too large');
  };
  request.on('data', onData);
  request.once('end', () => resolve(Buffer.concat(chunks, length)));
  request.once('error', () => resolve('aborted'));
  request.once('close', () => resolve('aborted'));
  return promise;
}
