import type { IncomingMessage } from 'node:http';
import { isRecord } from '../../../events/own.ts';

/** An edited message has at most 1 MiB, a webhook 6 MB. */
const maxBytes = 8 * 1024 * 1024;

/** Thrown for an invalid request; the message is shown to the user. */
export class BadRequest extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.name = 'BadRequest';
    this.status = status;
  }
}

/** Reads a JSON object. @throws BadRequest */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  // Another site's form cannot send this type without a CORS preflight request.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    throw new BadRequest('Send JSON.', 415);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new BadRequest('That is too large.', 413);
    }
    chunks.push(chunk);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString() || '{}');
  } catch {
    throw new BadRequest('That is not JSON.');
  }
  if (isRecord(value)) {
    return value;
  }
  throw new BadRequest('That is no JSON object.');
}
