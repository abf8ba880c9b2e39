import { catalogDocs } from './catalog.docs.ts';
import { type EventType, eventTypes } from './catalog.ts';
import type { Sender } from './envelope.ts';
import type { Example } from './event-type-docs.ts';

/** Options of an example webhook. */
export interface ExampleOptions {
  /** Name of the session. Default: `default`. */
  readonly session?: string;
  /** The sender's event id. Default: a constant one for each event type and sender. */
  readonly id?: string;
  /** Time of the sender's envelope, milliseconds. Default: 2026-01-01T12:00:00Z. */
  readonly timestamp?: number;
}

/** A full webhook body, as a sender would post it. */
export interface ExampleWebhook {
  readonly id: string;
  readonly timestamp: number;
  readonly event: EventType;
  readonly session: string;
  readonly payload: unknown;
  readonly [field: string]: unknown;
}

const noon = Date.UTC(2026, 0, 1, 12);

/** The phone numbers are from ranges that are reserved for fiction (Ofcom, NANPA 555-01xx). */
const ownAccount = { id: '447700900100@c.us', pushName: 'Corner Shop', lid: '118832900000100@lid' };

/**
 * Creates an invented webhook body of an event type, as WAHA or as Wawp sends it. Every call returns a new
 * object, which the caller may change.
 */
export function exampleWebhook(
  type: EventType,
  sender: Sender,
  options: ExampleOptions = {},
): ExampleWebhook {
  const example: Example = catalogDocs[type].examples[sender];
  const { session = 'default', timestamp = noon, id = exampleId(type, sender) } = options;
  if (sender === 'waha') {
    return exampleBody(type, example, options);
  }
  const payload = structuredClone(example.payload);
  const { engine } = example;
  return {
    id,
    timestamp,
    session,
    metadata: {},
    engine,
    event: type,
    payload,
    me: { ...ownAccount },
  };
}

/**
 * The fields around the payload, as WAHA writes them. GOWS names its engine in `environment` only, and adds
 * its device to `me`.
 */
function wahaTail({ engine }: Example, payload: unknown) {
  const me =
    engine === 'GOWS' ? { ...ownAccount, jid: '447700900100:7@s.whatsapp.net' } : { ...ownAccount };
  const environment = {
    version: '2026.4.1',
    engine,
    tier: 'PLUS',
    browser: engine === 'WEBJS' || engine === 'WPP' ? '/usr/bin/google-chrome-stable' : null,
    platform: 'linux/x64',
    worker: { id: null },
  };
  return engine === 'GOWS' ? { me, payload, environment } : { me, payload, engine, environment };
}

/** Creates a webhook body around an example payload, as WAHA sends it. */
export function exampleBody(
  type: EventType,
  example: Example,
  { session = 'default', timestamp = noon, id = exampleId(type, 'waha') }: ExampleOptions = {},
): ExampleWebhook {
  const payload = structuredClone(example.payload);
  return { id, timestamp, event: type, session, metadata: {}, ...wahaTail(example, payload) };
}

const crockford = '0123456789abcdefghjkmnpqrstvwxyz';

/** `evt_` and 26 characters in the form of a lower-case ULID; the same for the same event type and sender. */
function exampleId(type: EventType, sender: Sender): string {
  const place = eventTypes.indexOf(type) * 2 + (sender === 'wawp' ? 1 : 0);
  const tail = [...String(place).padStart(16, '0')].map((digit) => crockford[Number(digit) + 7]);
  return `evt_01kdwr7v00${tail.join('')}`;
}
