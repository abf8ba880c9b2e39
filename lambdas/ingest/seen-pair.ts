import type { Envelope } from '../../events/envelope.ts';
import type { IdentityItem } from '../../events/identity/identity-item.ts';
import type { IdentityPair } from '../../events/identity/learn.ts';
import type { Place } from './identity-table.ts';

/** Days after which a pair that is seen again is written again, so that it does not expire. */
const refreshDays = 7;

const dayMs = 86_400_000;

/** A pair, and the event that contains it or was completed with it. */
export interface SeenPair extends IdentityPair {
  readonly scope: string;
  readonly event: Envelope;
  /** Whether the body contains both addresses. Otherwise one was completed with the other. */
  readonly isNamed: boolean;
}

/** The key of an item as text. No address contains a space. */
export const keyOf = ({ address, scope }: Place) => `${address} ${scope}`;

/** The keys of the two items of a pair. */
export const placesOf = ({ lid, phone, scope }: Pick<SeenPair, 'lid' | 'phone' | 'scope'>) => [
  { address: lid, scope },
  { address: phone, scope },
];

/** The pair that an item belongs to. */
export const pairOf = ({ address, other }: IdentityItem): IdentityPair =>
  address.startsWith('+') ? { lid: other, phone: address } : { lid: address, phone: other };

/** Keeps the first of several pairs that share an address. Pairs in a body come before completed ones. */
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

/** Whether both items of a pair exist and need no refresh. */
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

/** Whether an item was written recently enough, so that an event with this pair need not write it again. */
export const isFresh = (item: IdentityItem, event: Envelope) =>
  Date.parse(item.seenAt) > seenAt(event) - refreshDays * dayMs;

/** When a pair was seen, epoch milliseconds. Never in the future, even if the sender's clock is wrong. */
export function seenAt({ meta }: Envelope): number {
  return Math.min(Date.parse(meta.occurredAt), Date.parse(meta.receivedAt));
}

/**
 * Whether stored items take precedence over a pair that contradicts them. They do if they were seen later (an
 * event may arrive late), and always if the pair was only completed from the cache.
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

/** The items that a pair replaces: those of the addresses that its addresses were paired with before. */
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
