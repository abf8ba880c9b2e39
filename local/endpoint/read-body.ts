import type { IncomingMessage } from 'node:http';
import { AwsError } from '../aws-service.ts';

/** Reads a request's body whole. Rejects as soon as it is larger than allowed. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new AwsError(
        'RequestEntityTooLargeException',
        `A request has at most ${maxBytes} bytes.`,
        413,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
