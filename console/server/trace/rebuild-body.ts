import { own } from '../../../events/own.ts';

/**
 * The body that a sender has sent, as far as an envelope holds it. Undefined where it lies elsewhere (a
 * claim check), for bytes that are no UTF-8, which cannot be typed or pasted, and for events that no
 * sender sends.
 */
export function rebuildBody(envelope: unknown): string | undefined {
  const raw = own(envelope, 'raw');
  if (raw === undefined || own(raw, 'claimCheck') !== undefined) return undefined;
  if (own(envelope, 'data', 'encoding') !== undefined) return undefined;
  return typeof raw === 'string' ? raw : JSON.stringify(raw);
}
