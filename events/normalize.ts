import type { Drift } from './drift.ts';
import type { Envelope } from './envelope.ts';
import type { WebhookContext } from './event-type.ts';
import type { FactKey } from './fact-key.ts';
import { toInstant } from './instant.ts';
import { canonicalJson, elementsOf, hasUnsafeNumber } from './json.ts';
import { type Normalized, normalizeBody } from './normalize-body.ts';
import { own } from './own.ts';
import { asUnrecognized, type Finding } from './to-unrecognized.ts';
import { decodeBody, isTooDeep, isTooWide } from './webhook-text.ts';

/**
 * Maximum number of events in one request: PutEvents accepts ten entries in one call. No known sender sends
 * more than one event.
 */
const maxEvents = 10;

/** The events of a request. */
export interface NormalizedWebhook {
  /** One to {@link maxEvents} envelopes, in the order of the body. */
  readonly events: readonly Envelope[];
  /** The key of each event; undefined if a repetition cannot be distinguished from a retry. */
  readonly keys: readonly (FactKey | undefined)[];
  /** JSON of each event's `raw`, with its numbers unchanged. */
  readonly raws: readonly string[];
  /** Time of the sender's envelope of each event, ISO-8601. */
  readonly sentAt: readonly (string | undefined)[];
  readonly drift: Drift;
}

/**
 * Normalizes the raw body of an authentic request: its bytes, or their text in UTF-8. It returns at least one
 * event: a body that cannot be read becomes `unrecognized`, with the full body. It never throws, and its time
 * is linear in the length of the body.
 *
 * Senders post one object. Lists of such objects, and JSON inside a JSON string, are accepted too, since
 * Wawp's n8n node expects both.
 */
export function normalizeWebhook(
  rawBody: Uint8Array | string,
  context: WebhookContext,
): NormalizedWebhook {
  const { text, encoding } = decodeBody(rawBody);
  if (encoding) {
    return fullBody({ reason: 'not-json', encoding }, asText(text), context);
  }
  const outer = parse(text);
  const inner = typeof outer.value === 'string' ? parse(outer.value) : undefined;
  const read = inner && inner.finding?.reason !== 'not-json' ? inner : outer;
  if (read.finding) {
    return fullBody(read.finding, asText(text), context);
  }
  return normalizeParsed(read, context);
}

/** A parsed text, or the reason why it could not be parsed. */
type Parsed =
  | { readonly text: string; readonly value: unknown; readonly finding?: undefined }
  | { readonly text: string; readonly value?: undefined; readonly finding: Finding };

function normalizeParsed(
  { text, value }: { readonly text: string; readonly value: unknown },
  context: WebhookContext,
): NormalizedWebhook {
  const full = asSent(text, value);
  if (!Array.isArray(value)) {
    return together([value], [full], text, context);
  }
  if (value.length === 0) {
    return fullBody({ reason: 'not-an-envelope' }, full, context);
  }
  if (value.length > maxEvents) {
    return fullBody({ reason: 'too-many' }, full, context);
  }
  const sent = elementsOf(text).map((element, index) => asSent(element, value[index]));
  return together(value, sent, text, context);
}

/** The index of each body in the list; for equal bodies that of the first. */
function placesOf(bodies: readonly unknown[]): readonly number[] {
  if (bodies.length === 1) {
    return [0];
  }
  const texts = bodies.map(canonicalJson);
  return texts.map((text) => texts.indexOf(text));
}

function together(
  bodies: readonly unknown[],
  sent: readonly Sent[],
  text: string,
  context: WebhookContext,
): NormalizedWebhook {
  const places = placesOf(bodies);
  const all = bodies.map((body, at) =>
    normalizeBody(body, { text, raw: sent[at]?.raw, index: places[at] ?? at }, context),
  );
  return {
    events: all.map(({ event }) => event),
    keys: all.map(({ key }) => key),
    raws: sent.map(({ json }) => json),
    sentAt: bodies.map((body) => toInstant(own(body, 'timestamp'))),
    drift: mergeDrift(all),
  };
}

/** A body as an event carries it. */
interface Sent {
  readonly text: string;
  readonly raw: unknown;
  /** JSON of `raw`, with its numbers unchanged. */
  readonly json: string;
}

/** An object or a list is carried unchanged, unless EventBridge would not accept its numbers. */
function asSent(text: string, value: unknown): Sent {
  const isStructure = typeof value === 'object' && value !== null;
  if (!isStructure || hasUnsafeNumber(text)) {
    return asText(text);
  }
  return { text, raw: value, json: text.trim() };
}

const asText = (text: string): Sent => ({ text, raw: text, json: JSON.stringify(text) });

function parse(text: string): Parsed {
  if (isTooDeep(text)) {
    return { text, finding: { reason: 'too-deep' } };
  }
  if (isTooWide(text)) {
    return { text, finding: { reason: 'too-wide' } };
  }
  try {
    return { text, value: JSON.parse(text) };
  } catch {
    return { text, finding: { reason: 'not-json' } };
  }
}

function fullBody(
  finding: Finding,
  { text, raw, json }: Sent,
  context: WebhookContext,
): NormalizedWebhook {
  const { event, key } = asUnrecognized(finding, { text, raw, index: 0 }, context);
  return {
    events: [event],
    keys: [key],
    raws: [json],
    sentAt: [undefined],
    drift: { unknownEvents: [], unknownFields: [] },
  };
}

function mergeDrift(all: readonly Normalized[]): Drift {
  const [first] = all;
  if (first && all.length === 1) {
    return first.drift;
  }
  return {
    unknownEvents: all.flatMap(({ drift }) => drift.unknownEvents),
    unknownFields: all.flatMap(({ drift }) => drift.unknownFields),
  };
}
