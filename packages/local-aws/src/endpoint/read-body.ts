import type { IncomingMessage } from 'node:http';
import { AwsError } from '../aws-service.ts';

/**
 * Reads a request's full body. Rejects as soon as it is larger than allowed, or the caller has
 * gone.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  // Uses events, since async iteration costs as much as all the rest of a small request.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) {
        chunks.push(chunk);
      } else {
        reject(tooLarge(maxBytes));
      }
    });
    request.once('end', () => {
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    });
    request.once('close', () => {
      if (!request.complete) {
        reject(new Error('The caller has gone.'));
      }
    });
  });
}

const tooLarge = (maxBytes: number) =>
  new AwsError('RequestEntityTooLargeException', `A request has at most ${maxBytes} bytes.`, 413);
