import type { EventType } from '../../events/catalog.ts';
import type { DataOf, Envelope, EnvelopeOf } from '../../events/envelope.ts';
import { canBeSame } from '../../events/fact-key.ts';
import { type NormalizedWebhook, normalizeWebhook } from '../../events/normalize.ts';

export const receivedAt = new Date('2026-02-01T08:00:00.000Z');
export const context = { receivedAt, requestId: 'request-1' };

export const me = { id: '447700900100@c.us', lid: '118832900000100@lid', pushName: 'Corner Shop' };

const bytes = new TextEncoder();

/** Normalizes any JSON value, or text as it is. */
export function normalize(body: unknown): NormalizedWebhook {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return normalizeWebhook(bytes.encode(text), context);
}

/** The only event of a body. */
export function onlyEvent(body: unknown): Envelope {
  const { events } = normalize(body);
  const [event] = events;
  if (!event || events.length !== 1) {
    throw new Error(`expected one event, got ${events.length}`);
  }
  return event;
}

/** Whether two bodies report one fact, as deduplication sees it. */
export function isOneFact(one: unknown, other: unknown): boolean {
  const [a, b] = [normalize(one).keys[0], normalize(other).keys[0]];
  return a !== undefined && a.base === b?.base && canBeSame(a.parties, b.parties);
}

/** Fields of a WAHA body that tests say for themselves. */
export interface BodyFields {
  readonly engine?: string;
  readonly session?: string;
  readonly id?: string;
  readonly timestamp?: number;
  readonly me?: unknown;
  readonly environment?: unknown;
  readonly metadata?: unknown;
}

/** A WAHA body around a payload. */
export function wahaBody(event: string, payload: unknown, fields: BodyFields = {}) {
  const { engine = 'NOWEB', ...rest } = fields;
  return {
    id: 'evt_01kdwr7v000000000000000001',
    timestamp: 1769932800123,
    event,
    session: 'default',
    metadata: {},
    me,
    payload,
    engine,
    environment: { version: '2026.4.1', engine, tier: 'PLUS', browser: null },
    ...rest,
  };
}

/** The normalized data of a payload, which must be recognized. */
export function dataOf<T extends EventType>(
  type: T,
  payload: unknown,
  fields: BodyFields = {},
): DataOf<T> {
  const event = onlyEvent(wahaBody(type, payload, fields));
  if (event.meta.type !== type) {
    throw new Error(`unrecognized: ${JSON.stringify(event.data)}`);
  }
  return event.data as DataOf<T>;
}

/** The only event of a body that cannot be read. */
export function unrecognizedEvent(body: unknown): EnvelopeOf<'unrecognized'> {
  const event = onlyEvent(body);
  if (event.meta.type !== 'unrecognized') {
    throw new Error(`recognized as ${event.meta.type}`);
  }
  return event as EnvelopeOf<'unrecognized'>;
}
