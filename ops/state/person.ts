import type { Fact } from './state-reader.ts';

/** A person, group or other address, as the state keeps it. */
export interface Person {
  readonly id: string;
  readonly phone?: string;
  readonly lid?: string;
}

/** The address in a field of a fact. */
export function personIn(fact: Fact | undefined, field: string): Person | undefined {
  const value = fact?.[field] as Partial<Person> | undefined;
  return typeof value?.id === 'string' ? (value as Person) : undefined;
}

/**
 * Whether two addresses are one person's. `unnamed`: one of them is not known. `incomparable`: one is known
 * by phone number, the other by hidden id.
 */
export type Likeness = 'same' | 'unnamed' | 'incomparable' | 'different';

const byLikeness: readonly Likeness[] = ['same', 'unnamed', 'incomparable', 'different'];

/** What several comparisons say together. */
export const leastLike = (...all: readonly Likeness[]): Likeness =>
  byLikeness.findLast((likeness) => all.includes(likeness)) ?? 'same';

/** See {@link Likeness}. */
export function comparePersons(one: Person | undefined, other: Person | undefined): Likeness {
  if (!one || !other) {
    return 'unnamed';
  }
  if (one.id === other.id) {
    return 'same';
  }
  if (one.phone !== undefined && other.phone !== undefined) {
    return one.phone === other.phone ? 'same' : 'different';
  }
  if (one.lid !== undefined && other.lid !== undefined) {
    return one.lid === other.lid ? 'same' : 'different';
  }
  const isPerson = ({ phone, lid }: Person) => phone !== undefined || lid !== undefined;
  return isPerson(one) && isPerson(other) ? 'incomparable' : 'different';
}

/**
 * The latest fact of each person. A person may occur twice, once by phone number and once by hidden id;
 * if any fact has both, they are merged.
 */
export function latestByPerson(facts: readonly Fact[], field: string): readonly Fact[] {
  const known = personsByLid(facts, field);
  const latest = new Map<string, Fact>();
  for (const fact of facts) {
    const id = personIn(fact, field)?.id;
    // What needs no address says so at the end of its key: `…#me`.
    const end = fact.sk.slice(fact.sk.lastIndexOf('#'));
    const isPlain = id === undefined || end === '#me' || end === '#peer';
    const key = isPlain ? end : (known.get(id)?.id ?? id);
    const other = latest.get(key);
    if (!other || other.stamp < fact.stamp) {
      latest.set(key, fact);
    }
  }
  return [...latest.values()];
}

/** Those who are somewhere named with both addresses, by the hidden one. */
export function personsByLid(facts: readonly Fact[], field: string): ReadonlyMap<string, Person> {
  const known = new Map<string, Person>();
  for (const fact of facts) {
    const person = personIn(fact, field);
    if (person?.lid !== undefined && person.lid !== person.id) {
      known.set(person.lid, person);
    }
  }
  return known;
}

/** An address as people write it: the phone number where it is known. */
export const nameOf = (person: Person | undefined): string => person?.phone ?? person?.id ?? '';

/** A chat as a person types it: an address, a phone number, or the digits of either. */
export function readChatId(given: string): string {
  const text = given.trim();
  if (text.includes('@')) {
    return text.replace(/@s\.whatsapp\.net$/, '@c.us');
  }
  const digits = text.replace(/^\+|[\s().-]/g, '');
  return /^\d+$/.test(digits) ? `${digits}@c.us` : text;
}

/** A group as a person types it: an address, or the part before the `@`. */
export const readGroupId = (given: string): string =>
  given.includes('@') ? given.trim() : `${given.trim()}@g.us`;
