import { type Address, complete, isSame } from './address.ts';

/** An address with all that is known of this account, where it is this account's. */
export function completeFromMe(
  address: Address | undefined,
  me: Address | undefined,
): Address | undefined {
  return address && isSame(address, me) ? complete(address, me) : address;
}

/**
 * Whether this account is among people; undefined where that is unknown, because one side is known
 * by phone number alone and the other by hidden id alone.
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
