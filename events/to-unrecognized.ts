import { hash } from 'node:crypto';
import type { EnvelopeOf, Wire } from './envelope.ts';
import { isPlaceholder, keyOf } from './idempotency-key.ts';
import { ownText } from './own.ts';
import { present } from './present.ts';
import { readMeta } from './read-meta.ts';
import { type UnrecognizedReason, unrecognized } from './unrecognized.ts';
import type { Origin, WebhookContext } from './webhook-context.ts';
import { readName } from './wire-envelope.ts';

/** A claimed name is foreign text; longer than a detail-type it is of no use. */
const LONGEST_EVENT_NAME = 128;

/** Why, and what there is to tell of it. */
export interface Finding {
  readonly reason: UnrecognizedReason;
  readonly issues?: readonly { path: string; expected: string; received: string }[];
  readonly encoding?: 'base64';
}

/** The envelope of a whole text or body that is no webhook body. */
export function wholeToUnrecognized(
  finding: Finding,
  origin: Origin,
  context: WebhookContext,
): EnvelopeOf<'unrecognized'> {
  return bodyToUnrecognized(finding, {}, origin, context);
}

/** The envelope of a webhook body whose event or payload the catalog cannot read. */
export function bodyToUnrecognized(
  { reason, issues, encoding }: Finding,
  body: Wire,
  origin: Origin,
  context: WebhookContext,
): EnvelopeOf<'unrecognized'> {
  const { type, category } = unrecognized;
  const meta = readMeta(body, context, { id: unrecognizedKey(body, origin), type, category });
  return {
    meta: meta as EnvelopeOf<'unrecognized'>['meta'],
    data: present({
      reason,
      event: ownText(body, 'event')?.slice(0, LONGEST_EVENT_NAME),
      issues,
      encoding,
    }),
    raw: origin.raw,
  };
}

/** The sender's event id where there is one; else the text, which a retry repeats byte for byte. */
function unrecognizedKey(body: Wire, { text, index }: Origin): string {
  const senderEventId = readName(body, 'id');
  return senderEventId && !isPlaceholder(senderEventId)
    ? keyOf('unrecognized', [
        'event',
        readName(body, 'session'),
        readName(body, 'event'),
        senderEventId,
        index,
      ])
    : keyOf('unrecognized', ['text', hash('sha256', text, 'hex'), index]);
}
