import { comparePersons, type Likeness, leastLike, type Person } from './person.ts';
import type { Fact } from './read-item.ts';

/** Whose message a fact is about, and where; of an edit or a deletion: who made it. */
export interface MessageOwner {
  readonly direction?: string;
  readonly chat?: Person;
  /** Absent where chat and direction say who it is. */
  readonly author?: Person;
}

/** The owner that a fact of a message names. */
export const ownerOf = ({ of }: Fact): MessageOwner => (of ?? {}) as MessageOwner;

/** The owner with what else is known of the chat's person. */
export function withAliases(owner: MessageOwner, aliases: readonly string[]): MessageOwner {
  const { chat } = owner;
  if (!chat) return owner;
  const lid = chat.lid ?? aliases.find((alias) => alias.endsWith('@lid'));
  const digits = aliases.find((alias) => alias.endsWith('@c.us'))?.replace('@c.us', '');
  const phone = chat.phone ?? (digits && `+${digits}`);
  return { ...owner, chat: { ...chat, ...(phone ? { phone } : {}), ...(lid ? { lid } : {}) } };
}

/** Whether two facts under one bare id are about the same message. */
export function compareOwners(one: MessageOwner, other: MessageOwner): Likeness {
  return leastLike(
    comparePersons(one.chat, other.chat),
    one.direction === undefined || other.direction === undefined
      ? 'unnamed'
      : one.direction === other.direction
        ? 'same'
        : 'different',
    (one.author ?? other.author) ? comparePersons(one.author, other.author) : 'same',
  );
}
