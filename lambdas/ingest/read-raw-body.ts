import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { RefusedError } from './answer.ts';
import { isLarger } from './is-larger.ts';

/** A body as it was sent: its bytes, or the text that stands for them in UTF-8. */
export type RawBody = Uint8Array | string;

/**
 * The exact body that was sent. API Gateway hands over text as it came, and everything else in base64
 * (HTTP API developer guide, "AWS Lambda integrations", payload format 2.0). Text stays text: it is
 * hashed and parsed as it is, and never copied into bytes.
 *
 * @throws RefusedError
 */
export function readRawBody(event: Sent, maxBodyBytes: number): RawBody {
  const body = event.body ?? '';
  // No encoding makes text longer than this many times its length; spares decoding what is too large anyway.
  if (body.length > maxBodyBytes * 2) throw new RefusedError('too-large');
  const rawBody = event.isBase64Encoded ? Buffer.from(body, 'base64') : body;
  if (isLarger(rawBody, maxBodyBytes)) throw new RefusedError('too-large');
  return rawBody;
}

type Sent = Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>;
