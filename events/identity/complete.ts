import { type Address, complete } from '../address.ts';
import type { Envelope } from '../envelope.ts';
import { addressesIn, mapAddresses } from './map-addresses.ts';

/**
 * The known pairs of one WhatsApp account: it maps a hidden id (`…@lid`) to a phone number (`+…`), and a
 * phone number to a hidden id.
 */
export type KnownIdentities = Pick<ReadonlyMap<string, string>, 'get'>;

/**
 * The phone numbers and LIDs in an event whose counterpart is not in the event, each once, in the order of
 * the data's schema.
 */
export function incompleteIn({ meta, data }: Envelope): readonly string[] {
  const halves = addressesIn(meta.type, data).flatMap((address) => halfOf(address) ?? []);
  return [...new Set(halves)];
}

/**
 * Completes the addresses of an event whose counterpart is known: `phone` and `lid` of the addresses in
 * `data`, and their `id` and `meta.chat`, which then are the phone number. Unknown fields stay absent.
 * `meta.id` does not change, since it depends on the body only.
 */
export function completeEvent<E extends Envelope>(event: E, known: KnownIdentities): E {
  const { meta } = event;
  let completesChat = false;
  const data = mapAddresses(meta.type, event.data, (address) => {
    const half = halfOf(address);
    const other = half === undefined ? undefined : known.get(half);
    if (other === undefined) {
      return address;
    }
    const completed = complete(address, asAddress(other));
    completesChat ||= address.id === meta.chat && completed.id !== address.id;
    return completed;
  });
  if (data === event.data) {
    return event;
  }
  const phone = completesChat ? known.get(meta.chat ?? '') : undefined;
  return { ...event, data, meta: phone ? { ...meta, chat: `${phone.slice(1)}@c.us` } : meta };
}

/** The phone number or LID of a person's address, if it has exactly one of the two. */
function halfOf({ kind, phone, lid }: Address): string | undefined {
  if (kind !== 'user' || (phone !== undefined && lid !== undefined)) {
    return undefined;
  }
  return phone ?? lid;
}

const asAddress = (half: string): Address =>
  half.startsWith('+')
    ? { kind: 'user', id: `${half.slice(1)}@c.us`, phone: half }
    : { kind: 'user', id: half, lid: half };
