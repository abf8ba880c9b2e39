import { comparePersons, type Likeness, leastLike, type Person } from './person.ts';
import type { Fact } from './state-reader.ts';

/** Whose message a fact is about; of an edit or a deletion: who made it. */
export interface MessageOwner {
  readonly direction?: string;
  /** The other person of a direct chat; elsewhere the author, absent for this account. */
  readonly person?: Person;
}

/** The owner that a fact of a message names. */
export const ownerOf = ({ of }: Fact): MessageOwner => (of ?? {}) as MessageOwner;

/** The owner with what else is known of the person whose chat it is. */
export function withAliases(owner: MessageOwner, aliases: readonly string[]): MessageOwner {
  const { person } = owner;
  if (!person) {
    return owner;
  }
  const lid = person.lid ?? aliases.find((alias) => alias.endsWith('@lid'));
  const digits = aliases.find((alias) => alias.endsWith('@c.us'))?.replace('@c.us', '');
  const phone = person.phone ?? (digits && `+${digits}`);
  return { ...owner, person: { ...person, ...(phone ? { phone } : {}), ...(lid ? { lid } : {}) } };
}

/** Whether two facts under one bare id are about the same message. */
export function compareOwners(one: MessageOwner, other: MessageOwner): Likeness {
  if (one.direction === undefined || other.direction === undefined) {
    return leastLike('unnamed', comparePersons(one.person, other.person));
  }
  if (one.direction !== other.direction) {
    return 'different';
  }
  const isOurs = one.direction === 'outbound' && !one.person && !other.person;
  return isOurs ? 'same' : comparePersons(one.person, other.person);
}
