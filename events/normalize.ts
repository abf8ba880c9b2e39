import type { Drift } from './drift.ts';
import type { Envelope } from './envelope.ts';
import type { FactKey } from './fact-key.ts';
import { type Normalized, normalizeBody } from './normalize-body.ts';
import { type Finding, wholeToUnrecognized } from './to-unrecognized.ts';
import type { WebhookContext } from './webhook-context.ts';
import { decodeBody, isTooDeep, isTooWide } from './webhook-text.ts';

/** PutEvents takes ten entries in one call, and no sender is known to send more than one. */
const MOST_EVENTS = 10;

/** What a request held. */
export interface NormalizedWebhook {
  /** One to {@link MOST_EVENTS} envelopes, in the order of the body. */
  readonly events: readonly Envelope[];
  /** The key of each event's fact. */
  readonly keys: readonly FactKey[];
  readonly drift: Drift;
}

/**
 * Makes events of the raw body of an authentic request: its bytes, or text that stands for them in
 * UTF-8. There is always at least one: what cannot be read is told as `unrecognized`, with all that came.
 * Never throws, whatever the body is, and takes time in proportion to its length.
 *
 * The senders post one object. Lists of such objects, and JSON inside of a JSON string, are taken too:
 * Wawp's own n8n node expects both.
 */
export function normalizeWebhook(
  rawBody: Uint8Array | string,
  context: WebhookContext,
): NormalizedWebhook {
  const { text, encoding } = decodeBody(rawBody);
  if (encoding) return wholeBody({ reason: 'not-json', encoding }, text, text, context);
  const outer = parse(text);
  const inner = typeof outer.value === 'string' ? parse(outer.value) : undefined;
  const read = inner && inner.finding?.reason !== 'not-json' ? inner : outer;
  if (read.finding) return wholeBody(read.finding, text, text, context);
  return normalizeParsed(read.value, text, context);
}

function normalizeParsed(value: unknown, text: string, context: WebhookContext): NormalizedWebhook {
  const bodies: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (bodies.length === 0) return wholeBody({ reason: 'not-an-envelope' }, value, text, context);
  if (bodies.length > MOST_EVENTS) return wholeBody({ reason: 'too-many' }, value, text, context);
  const all = bodies.map((body, index) => normalizeBody(body, { text, index }, context));
  const events = all.map(({ event }) => event);
  return { events, keys: events.map(keyOfEnvelope), drift: mergeDrift(all) };
}

interface Parsed {
  readonly value?: unknown;
  readonly finding?: Finding;
}

function parse(text: string): Parsed {
  if (isTooDeep(text)) return { finding: { reason: 'too-deep' } };
  if (isTooWide(text)) return { finding: { reason: 'too-wide' } };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { finding: { reason: 'not-json' } };
  }
}

function wholeBody(
  finding: Finding,
  raw: unknown,
  text: string,
  context: WebhookContext,
): NormalizedWebhook {
  const event = wholeToUnrecognized(finding, raw, { text, index: 0 }, context);
  return {
    events: [event],
    keys: [keyOfEnvelope(event)],
    drift: { unknownEvents: [], unknownFields: [] },
  };
}

const keyOfEnvelope = ({ meta }: Envelope): FactKey => ({ base: meta.id, parties: [] });

function mergeDrift(all: readonly Normalized[]): Drift {
  const [first] = all;
  if (first && all.length === 1) return first.drift;
  return {
    unknownEvents: all.flatMap(({ drift }) => drift.unknownEvents),
    unknownFields: all.flatMap(({ drift }) => drift.unknownFields),
  };
}
