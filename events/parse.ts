import type { BusType } from './data-of.ts';
import type { Envelope, WhatsAppEvent } from './envelope.ts';
import { eventSource } from './names.ts';

/** Thrown for a value that is not an event of the bus. Its message contains no content. */
export class NotAWhatsAppEventError extends Error {
  constructor(expected: string) {
    super(`Not an event of the WhatsApp bus: expected ${expected}.`);
    this.name = 'NotAWhatsAppEventError';
  }
}

/** Thrown for an event that another account put on the bus, which only ingest's account may do. */
export class OtherAccountError extends Error {
  constructor() {
    super('Not an event of this pipeline: another account put it on the bus.');
    this.name = 'OtherAccountError';
  }
}

/** An SQS record as Lambda hands it over, or a message as ReceiveMessage does. */
export interface QueueMessage {
  readonly body?: string;
  readonly Body?: string;
}

/** An event as EventBridge passes it to a function. */
export interface BusEvent {
  readonly detail: unknown;
}

/**
 * Makes the typed event of whatever carried it: an SQS record or message, an EventBridge event, an
 * envelope, or the JSON text of one of these. Looks at the structure only, so that a consumer needs
 * neither the catalog nor a validator; the content was validated before it was published. The name
 * that EventBridge gives to what comes from an archive (`replay-name`) becomes `meta.replay`.
 *
 * @param account the account of the pipeline: then only what EventBridge delivers of it is an event
 * @throws NotAWhatsAppEventError, OtherAccountError
 */
export function parse(
  input: string | QueueMessage | BusEvent | Envelope,
  account?: string,
): WhatsAppEvent {
  let value: unknown = typeof input === 'string' ? parseJson(input) : input;
  const body = property(value, 'body') ?? property(value, 'Body');
  if (typeof body === 'string') {
    value = parseJson(body);
  }
  const source = property(value, 'source');
  if (source !== eventSource && (source !== undefined || account !== undefined)) {
    throw new NotAWhatsAppEventError(`the source ${eventSource}`);
  }
  if (account !== undefined && property(value, 'account') !== account) {
    throw new OtherAccountError();
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

/**
 * Makes the typed event of the body of one SQS record.
 *
 * @param account as of {@link parse}
 */
export function parseRecord(recordBody: string, account?: string): WhatsAppEvent {
  return parse(recordBody, account);
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

/**
 * Whether an event is of one of these types; narrows it.
 *
 * @example
 * if (is(event, 'message', 'message.any')) console.log(event.data.body?.length);
 */
export function is<T extends BusType>(
  event: WhatsAppEvent,
  ...types: readonly [T, ...T[]]
): event is Extract<WhatsAppEvent, { readonly type: T }> {
  return (types as readonly string[]).includes(event.type);
}
