import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { Envelope, EnvelopeOf, Unrecognized } from '../../events/envelope.ts';
import { eventSource } from '../../events/event-source.ts';
import { ingestMetrics } from '../../events/names.ts';
import { serializeEnvelope } from '../../events/serialize-envelope.ts';
import { count } from '../runtime/count.ts';
import type { PutClaimCheck } from './claim-check.ts';
import { isLarger } from './is-larger.ts';

/**
 * Largest detail in bytes that is put on the bus. EventBridge takes 1 MB for all entries of a call,
 * and SQS 1 MiB for the event with its envelope; the rest is room for both (EventBridge API
 * reference, PutEvents; SQS developer guide, message quotas).
 */
export const maxDetailBytes = 768 * 1024;

/** An envelope that fits on the bus, with its JSON. */
export interface FittingEnvelope {
  readonly meta: Envelope['meta'];
  readonly detail: string;
}

/** Makes an envelope an entry for PutEvents. */
export function toEntry({ meta, detail }: FittingEnvelope, busName: string): PutEventsRequestEntry {
  return {
    EventBusName: busName,
    Source: eventSource,
    DetailType: meta.type,
    Time: new Date(meta.occurredAt),
    Detail: detail,
  };
}

/**
 * Makes an envelope fit on the bus. What the sender sent travels as a claim check where it is too
 * large: the payload first, then what was around it. Where even the normalized data is too large, the
 * event becomes unrecognized and says so.
 */
export async function fitOnBus(
  envelope: Envelope,
  putClaimCheck: PutClaimCheck,
): Promise<FittingEnvelope> {
  let light = envelope;
  for (const part of ['raw', 'wire'] as const) {
    const fits = fitting(light);
    if (fits) return fits;
    if (light[part] === undefined) continue;
    const stored = await putClaimCheck(claimCheckKey(light, part), JSON.stringify(light[part]));
    count(ingestMetrics.claimChecks, 1, { Part: part });
    light = { ...light, [part]: stored };
  }
  return fitting(light) ?? measured(withoutData(light));
}

function fitting(envelope: Envelope): FittingEnvelope | undefined {
  const result = measured(envelope);
  return isLarger(result.detail, maxDetailBytes) ? undefined : result;
}

const measured = (envelope: Envelope): FittingEnvelope => ({
  meta: envelope.meta,
  detail: serializeEnvelope(envelope),
});

/** Typed consumers never see half of an event: one that does not fit is none of its kind. */
const withoutData = ({ meta, raw, wire }: Envelope): EnvelopeOf<Unrecognized> => ({
  meta: { ...meta, type: 'unrecognized', category: 'unrecognized' },
  data: { reason: 'too-large', event: meta.type },
  raw,
  wire,
});

/** The same for each retry of one webhook, so that a retry writes the same object again. */
function claimCheckKey({ meta }: Envelope, part: 'raw' | 'wire'): string {
  const name = encodeURIComponent(meta.id).replaceAll('%', '_');
  return `claim-checks/${meta.receivedAt.slice(0, 10)}/${name}.${part}.json`;
}
