import { type Address, complete, isSame } from './address.ts';

/** Completes an address from `me` if it is this account's. */
export function completeFromMe(
  address: Address | undefined,
  me: Address | undefined,
): Address | undefined {
  return address && isSame(address, me) ? complete(address, me) : address;
}

/**
 * Whether this account is in a list of people. Undefined if that is unknown, because one is known by phone
 * number only and the other by hidden id only.
 */
export function includesMe(
  people: readonly (Address | undefined)[],
  me: Address | undefined,
): boolean | undefined {
  if (!me) {
    return undefined;
  }
  if (people.some((person) => isSame(person, me))) {
    return true;
  }
  return people.every((person) => isComparable(person, me)) ? false : undefined;
}

function isComparable(person: Address | undefined, me: Address): boolean {
  return (
    (person !== undefined && person.kind !== 'user') ||
    (person?.phone !== undefined && me.phone !== undefined) ||
    (person?.lid !== undefined && me.lid !== undefined)
  );
}
