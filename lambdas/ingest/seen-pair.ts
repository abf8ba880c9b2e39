import type { Envelope } from '../../events/envelope.ts';
import type { IdentityItem } from '../../events/identity/identity-item.ts';
import type { IdentityPair } from '../../events/identity/learn.ts';
import type { Place } from './identity-table.ts';

/** Days after which a pair that is seen again is written again, so that it does not expire. */
const refreshDays = 7;

const dayMs = 86_400_000;

/** A pair, and the event that names it or was completed by it. */
export interface SeenPair extends IdentityPair {
  readonly scope: string;
  readonly event: Envelope;
  /** Whether the body names both. Otherwise one was completed by the other. */
  readonly isNamed: boolean;
}

/** A place as the key of a map: no address has a space. */
export const keyOf = ({ address, scope }: Place) => `${address} ${scope}`;

/** The places of the two items of a pair. */
export const placesOf = ({ lid, phone, scope }: Pick<SeenPair, 'lid' | 'phone' | 'scope'>) => [
  { address: lid, scope },
  { address: phone, scope },
];

/** The pair of which an item is one half. */
export const pairOf = ({ address, other }: IdentityItem): IdentityPair =>
  address.startsWith('+') ? { lid: other, phone: address } : { lid: address, phone: other };

/** Of pairs with a common address the first: those that are named come before those that were used. */
export function distinctPairs(pairs: readonly SeenPair[]): readonly SeenPair[] {
  const taken = new Set<string>();
  return pairs.filter((pair) => {
    const keys = placesOf(pair).map(keyOf);
    const isFree = !keys.some((key) => taken.has(key));
    for (const key of isFree ? keys : []) {
      taken.add(key);
    }
    return isFree;
  });
}

/** Whether both items of a pair are there and need no refresh. */
export function isStored(
  pair: SeenPair,
  itemAt: (place: Place) => IdentityItem | undefined,
): boolean {
  const [lid, phone] = placesOf(pair).map(itemAt);
  return (
    lid?.other === pair.phone &&
    phone?.other === pair.lid &&
    isFresh(lid, pair.event) &&
    isFresh(phone, pair.event)
  );
}

/** Whether an item need not be written again for an event that has named or used it. */
export const isFresh = (item: IdentityItem, event: Envelope) =>
  Date.parse(item.seenAt) > seenAt(event) - refreshDays * dayMs;

/** When a pair was seen, epoch milliseconds: never in the future, whatever the sender's clock says. */
export function seenAt({ meta }: Envelope): number {
  return Math.min(Date.parse(meta.occurredAt), Date.parse(meta.receivedAt));
}

/**
 * Whether what is stored counts more than a pair that contradicts it: where that was seen later, as an event
 * may come late; and always where the pair was only used, by what the cache had of it.
 */
export function isOutdated(pair: SeenPair, stored: readonly (IdentityItem | undefined)[]): boolean {
  const others = [pair.phone, pair.lid];
  return stored.some(
    (item, index) =>
      (!pair.isNamed && item?.other !== others[index]) ||
      (item !== undefined &&
        item.other !== others[index] &&
        Date.parse(item.seenAt) > seenAt(pair.event)),
  );
}

/** The items that lead back to the addresses of a pair from what these were paired with before. */
export function replacedBy(
  { lid, phone, scope }: SeenPair,
  itemAt: (place: Place) => IdentityItem | undefined,
): readonly IdentityItem[] {
  const [before, owner] = [itemAt({ address: lid, scope }), itemAt({ address: phone, scope })];
  return [
    ...(before && before.other !== phone ? [{ ...before, address: before.other, other: lid }] : []),
    ...(owner && owner.other !== lid ? [{ ...owner, address: owner.other, other: phone }] : []),
  ];
}
