import type { Envelope, WhatsAppEvent } from './envelope.ts';
import { eventSource } from './names.ts';

/** Thrown for a value that is not an event of the bus. Its message contains no content. */
export class NotAWhatsAppEventError extends Error {
  constructor(expected: string) {
    super(`Not an event of the WhatsApp bus: expected ${expected}.`);
    this.name = 'NotAWhatsAppEventError';
  }
}

/** An SQS record as Lambda passes it, or a message as ReceiveMessage returns it. */
export interface QueueMessage {
  readonly body?: string;
  readonly Body?: string;
}

/** An event as EventBridge passes it to a function. */
export interface BusEvent {
  readonly detail: unknown;
}

/**
 * Parses an event from an SQS record or message, an EventBridge event, an envelope, or the JSON text of one
 * of these. It checks the structure only, so that a consumer needs neither the catalog nor a validator; the
 * content was validated before it was published. The `replay-name` that EventBridge adds to archived events
 * becomes `meta.replay`.
 */
export function parse(input: string | QueueMessage | BusEvent | Envelope): WhatsAppEvent {
  let value: unknown = typeof input === 'string' ? parseJson(input) : input;
  const body = property(value, 'body') ?? property(value, 'Body');
  if (typeof body === 'string') {
    value = parseJson(body);
  }
  const source = property(value, 'source');
  if (source !== undefined && source !== eventSource) {
    throw new NotAWhatsAppEventError(`the source ${eventSource}`);
  }
  const envelope = property(value, 'detail') ?? value;
  const meta = property(envelope, 'meta');
  const type = property(meta, 'type');
  const category = property(meta, 'category');
  if (typeof type !== 'string' || typeof category !== 'string') {
    throw new NotAWhatsAppEventError('an envelope with meta.type and meta.category');
  }
  const data = property(envelope, 'data');
  if (typeof data !== 'object' || data === null) {
    throw new NotAWhatsAppEventError('an envelope with data');
  }
  const replay = property(value, 'replay-name');
  const marked = typeof replay === 'string' ? { meta: { ...(meta as object), replay } } : {};
  return { type, category, ...(envelope as object), ...marked } as unknown as WhatsAppEvent;
}

/** Parses the event in the body of one SQS record. */
export function parseRecord(recordBody: string): WhatsAppEvent {
  return parse(recordBody);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotAWhatsAppEventError('JSON');
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
