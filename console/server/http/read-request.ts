import type { IncomingMessage } from 'node:http';
import { isRecord, own } from '../../../events/own.ts';
import { type EventFilter, filterNames } from '../journal/query-events.ts';

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

/** The filter in a query. */
export function readEventFilter(query: URLSearchParams): EventFilter {
  return Object.fromEntries(filterNames.map((name) => [name, query.get(name) || undefined]));
}

/** A whole number in a query. @throws BadRequest */
export function readCount(query: URLSearchParams, name: string, max: number): number | undefined {
  const given = query.get(name);
  if (given === null) {
    return undefined;
  }
  const count = Number(given);
  if (Number.isInteger(count) && count >= 0) {
    return Math.min(count, max);
  }
  throw new BadRequest(`"${name}" must be a whole number.`);
}

/** A text in a body. @throws BadRequest */
export function readText(body: unknown, name: string): string {
  const value = own(body, name);
  if (typeof value === 'string') {
    return value;
  }
  throw new BadRequest(`"${name}" is a text.`);
}

/** A text in a body that may be missing. @throws BadRequest */
export function readOptionalText(body: unknown, name: string): string | undefined {
  return own(body, name) === undefined ? undefined : readText(body, name) || undefined;
}
