import { RefusedError } from './answer.ts';
import type { IngestRequest } from './create-handler.ts';

/**
 * Middleware: the body's exact bytes. API Gateway hands over text as it came and everything else in
 * base64 (HTTP API developer guide, "AWS Lambda integrations", payload format 2.0).
 */
export function readRawBody(maxBodyBytes: number) {
  return {
    before: ({ event }: IngestRequest): void => {
      const body = event.body ?? '';
      // No encoding makes text longer than this many times its length; spares decoding what is too large anyway.
      if (body.length > maxBodyBytes * 2) throw new RefusedError('too-large');
      event.rawBody = Buffer.from(body, event.isBase64Encoded ? 'base64' : 'utf8');
      if (event.rawBody.length > maxBodyBytes) throw new RefusedError('too-large');
    },
  };
}
