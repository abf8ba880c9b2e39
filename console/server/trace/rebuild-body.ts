import { own } from '../../../events/own.ts';

/**
 * The body that a sender has sent, as far as an envelope holds it: `wire` is the body without its
 * payload, and `raw` the payload; of what was no webhook body `raw` is all. Undefined where the
 * payload lies elsewhere (a claim check), and for events that no sender sends.
 */
export function rebuildBody(envelope: unknown): string | undefined {
  const raw = own(envelope, 'raw');
  const wire = own(envelope, 'wire');
  if (typeof wire !== 'object' || wire === null) return undefined;
  if (isClaimCheck(raw)) return undefined;
  if (own(wire, 'event') !== undefined) {
    return JSON.stringify(raw === undefined ? wire : { ...wire, payload: raw });
  }
  if (own(envelope, 'meta', 'type') !== 'unrecognized' || raw === undefined) return undefined;
  // Bytes that are no UTF-8 cannot be typed or pasted.
  if (own(envelope, 'data', 'encoding') !== undefined) return undefined;
  return typeof raw === 'string' ? raw : JSON.stringify(raw);
}

const isClaimCheck = (raw: unknown) => own(raw, 'claimCheck') !== undefined;
