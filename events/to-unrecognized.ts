import { hash } from 'node:crypto';
import type { EnvelopeOf, Wire } from './envelope.ts';
import type { Origin, WebhookContext } from './event-type.ts';
import { type FactKey, factKey, idOf, idOfRequest, isPlaceholder } from './fact-key.ts';
import { toInstant } from './instant.ts';
import { ownText, present } from './own.ts';
import { readMeta } from './read-meta.ts';
import { type UnrecognizedReason, unrecognized } from './unrecognized.ts';
import { readMe, readName } from './wire-envelope.ts';

/** Maximum length of the event name in a body, which is untrusted text: the maximum length of a detail-type. */
const maxEventNameLength = 128;

/** An unrecognized event, and its key. */
export interface UnrecognizedEvent {
  readonly event: EnvelopeOf<'unrecognized'>;
  readonly key: FactKey | undefined;
}

/** The reason, and its details. */
export interface Finding {
  readonly reason: UnrecognizedReason;
  readonly issues?: readonly { path: string; expected: string; received: string }[];
  readonly encoding?: 'base64';
}

/** The envelope of a text or body that is not a webhook body. */
export function asUnrecognized(
  finding: Finding,
  origin: Origin,
  context: WebhookContext,
): UnrecognizedEvent {
  return bodyToUnrecognized(finding, {}, origin, context);
}

/** The envelope of a webhook body whose event or payload the catalog cannot read. */
export function bodyToUnrecognized(
  { reason, issues, encoding }: Finding,
  body: Wire,
  origin: Origin,
  context: WebhookContext,
): UnrecognizedEvent {
  const { type, category } = unrecognized;
  const key = unrecognizedKey(body, origin);
  const id = key ? idOf(key) : idOfRequest(type, { ...origin, requestId: context.requestId });
  const meta = readMeta(body, context, { id, type, category, me: readMe(body) });
  const event = {
    meta: meta as EnvelopeOf<'unrecognized'>['meta'],
    data: present({
      reason,
      event: ownText(body, 'event')?.slice(0, maxEventNameLength),
      issues,
      encoding,
    }),
    raw: origin.raw,
  };
  return { event, key };
}

/**
 * The key of an unrecognized event, from its text, which is the same in a retry. A webhook body must contain
 * an event id or a time; otherwise a repetition cannot be distinguished from a retry.
 */
function unrecognizedKey(body: Wire, { text, index }: Origin): FactKey | undefined {
  const isEnvelope = readName(body, 'event') !== undefined;
  const senderEventId = readName(body, 'id');
  const isEventId = senderEventId !== undefined && !isPlaceholder(senderEventId);
  if (isEnvelope && !isEventId && toInstant(body.timestamp) === undefined) {
    return undefined;
  }
  return factKey(unrecognized.type, [hash('sha256', text, 'hex'), index]);
}
