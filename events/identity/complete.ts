import { type Address, complete } from '../address.ts';
import type { Envelope } from '../envelope.ts';
import { addressesIn, mapAddresses } from './map-addresses.ts';

/**
 * The other address of people: a LID (`…@lid`) leads to a phone number (`+…`), and a phone number to a LID.
 * Of one WhatsApp account: it says nothing of what other accounts know.
 */
export type KnownIdentities = Pick<ReadonlyMap<string, string>, 'get'>;

/**
 * The phone numbers and LIDs in an event whose other half the event does not say, each once, in the order
 * of the data's schema.
 */
export function incompleteIn({ meta, data }: Envelope): readonly string[] {
  const halves = addressesIn(meta.type, data).flatMap((address) => halfOf(address) ?? []);
  return [...new Set(halves)];
}

/**
 * The event with every address completed as far as the other half is known: `phone` and `lid` of the
 * addresses in `data`, their `id`, and `meta.chat`, which then name the phone number. What is not known stays
 * absent. `meta.id` stays as it is: it is made of what the body itself says.
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

/** The half of a person's address that is there, where one is and the other is not. */
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
