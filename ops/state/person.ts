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
 * The latest fact of each person. The same person may stand there twice, once by phone number and
 * once by hidden id; whoever is somewhere named with both is one.
 */
export function latestByPerson(facts: readonly Fact[], field: string): readonly Fact[] {
  const known = personsByLid(facts, field);
  const latest = new Map<string, Fact>();
  for (const fact of facts) {
    const id = personIn(fact, field)?.id;
    // What needs no address says so in its key: `reaction#me`.
    const key =
      id === undefined || /#(me|peer)$/.test(fact.sk) ? fact.sk : (known.get(id)?.id ?? id);
    const other = latest.get(key);
    if (!other || other.stamp < fact.stamp) latest.set(key, fact);
  }
  return [...latest.values()];
}

/** Those who are somewhere named with both addresses, by the hidden one. */
export function personsByLid(facts: readonly Fact[], field: string): ReadonlyMap<string, Person> {
  const known = new Map<string, Person>();
  for (const fact of facts) {
    const person = personIn(fact, field);
    if (person?.lid !== undefined && person.lid !== person.id) known.set(person.lid, person);
  }
  return known;
}

/** An address as people write it: the phone number where it is known. */
export const nameOf = (person: Person | undefined): string => person?.phone ?? person?.id ?? '';

/** A chat as a person types it: an address, a phone number, or the digits of either. */
export function readChatId(given: string): string {
  const text = given.trim();
  if (text.includes('@')) return text.replace(/@s\.whatsapp\.net$/, '@c.us');
  const digits = text.replace(/^\+|[\s().-]/g, '');
  return /^\d+$/.test(digits) ? `${digits}@c.us` : text;
}

/** A group as a person types it: an address, or the part before the `@`. */
export const readGroupId = (given: string): string =>
  given.includes('@') ? given.trim() : `${given.trim()}@g.us`;
