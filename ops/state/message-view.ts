import {
  comparePersons,
  type Likeness,
  leastLike,
  type Person,
} from '../../events/state/person.ts';
import { wasAdmin } from './groups.ts';
import { isGroup, latestByPerson, personIn } from './person.ts';
import { type Fact, textOf } from './state-reader.ts';

/** A message with its edits, reactions, receipts and votes. Times are ISO-8601 UTC. */
export interface MessageView {
  readonly id: string | undefined;
  readonly session: string;
  readonly sentAt: string | undefined;
  readonly direction: string | undefined;
  readonly author: Person | undefined;
  readonly authorName: string | undefined;
  /** Kind of content, in one word. */
  readonly content: string | undefined;
  /** A choice, question or order. */
  readonly choice: unknown;
  readonly poll: unknown;
  readonly order: unknown;
  /** The text as it is now. */
  readonly body: string | undefined;
  readonly hasMedia: boolean;
  readonly media: unknown;
  readonly location: unknown;
  /** Id of the message that it answers. */
  readonly replyTo: string | undefined;
  /** Whether its content could not be decrypted yet. */
  readonly waiting: boolean;
  /** Edits by the author, oldest first. */
  readonly edits: readonly { readonly at: unknown; readonly body: unknown }[];
  /** Set if the message was deleted, by its author or by an admin of the group (`byAdmin`). */
  readonly revoked:
    | { readonly at: unknown; readonly by: Person | undefined; readonly byAdmin: boolean }
    | undefined;
  /** Edits and deletions by a person without known permission. They are ignored. */
  readonly refused: readonly RefusedChange[];
  readonly reactions: readonly { readonly by: string; readonly emoji: unknown; at: unknown }[];
  /**
   * The highest receipt level of any reader, and when it was first reached; or the last error, with its
   * reason, if the message failed after that and reached no phone.
   */
  readonly ack:
    | {
        readonly level: number;
        readonly name: unknown;
        readonly error: unknown;
        readonly at: unknown;
      }
    | undefined;
  /** When each person first reached each receipt level. */
  readonly reached: readonly { readonly level: number; by: string; name: unknown; at: unknown }[];
  /** Without `choices` if the vote could not be read. */
  readonly votes: readonly { readonly by: string; readonly choices: unknown; at: unknown }[];
}

/** An edit or a deletion that is ignored. */
export interface RefusedChange {
  readonly action: 'edit' | 'deletion';
  readonly at: unknown;
  readonly direction: string | undefined;
  readonly by: Person | undefined;
  /** The new text of a refused edit. */
  readonly body: unknown;
}

/** The owner of the message that a fact is about; for an edit or a deletion, the person who made it. */
export interface MessageOwner {
  readonly direction?: string | undefined;
  /** The author of an inbound message in a group. In direct chats the direction says who it is. */
  readonly person?: Person | undefined;
}

/** The owner that a fact of a message names. */
const ownerOf = ({ of }: Fact): MessageOwner => (of ?? {}) as MessageOwner;

/** The owner of a message, by its content. */
export const writerOf = (content: Fact): MessageOwner => ({
  direction: textOf(content, 'direction'),
  person: personIn(content, 'author'),
});

/** Whether two facts under one bare id in one chat are about the same message. */
export function compareOwners(one: MessageOwner, other: MessageOwner): Likeness {
  if (one.direction === undefined || other.direction === undefined) {
    // A message of this account has no person with whom another could be compared.
    const isOurs = [one, other].some(
      ({ direction, person }) => direction === 'outbound' && !person,
    );
    const isNamed = one.person !== undefined || other.person !== undefined;
    return isOurs && isNamed
      ? 'incomparable'
      : leastLike('unnamed', comparePersons(one.person, other.person));
  }
  if (one.direction !== other.direction) {
    return 'different';
  }
  return one.person || other.person ? comparePersons(one.person, other.person) : 'same';
}

/** Input of {@link viewMessage}. The addresses in all facts are complete. */
export interface MessageFacts {
  /** Its entry in the timeline. */
  readonly content: Fact;
  /** All facts under its bare id in its chat, which may include those of other messages. */
  readonly facts: readonly Fact[];
  /** Entries of other messages under the same bare id in the chat. @default - none */
  readonly others?: readonly Fact[];
  /** Facts of the group, which tell whether a deletion is by an admin. @default - none */
  readonly group?: readonly Fact[];
}

/** Builds a message from its content and the other facts about it. */
export function viewMessage(
  session: string,
  { content, facts, others: otherContents = [], group = [] }: MessageFacts,
): MessageView {
  const named = (name: string) =>
    facts
      .filter((fact) => fact.sk.startsWith(`${name}#`))
      .sort((a, b) => (a.version < b.version ? -1 : 1));
  const owner = writerOf(content);
  const chat = personIn(content, 'chat');
  const inGroup = isGroup(chat);
  const others = otherContents.map(writerOf);
  const likeness = (fact: Fact) => {
    const found = compareOwners(owner, ownerOf(fact));
    const mayBeOther = others.some((other) => compareOwners(other, ownerOf(fact)) !== 'different');
    return found !== 'same' && mayBeOther ? 'different' : found;
  };
  const all = (name: string) => named(name).filter((fact) => likeness(fact) !== 'different');
  // A sender that does not name who did it (WEBJS) reports what WhatsApp itself has allowed.
  const isByAuthor = (fact: Fact) => ['same', 'unnamed'].includes(likeness(fact));
  // The same holds in a group for a person of whose role nothing is known.
  const isByAdmin = (fact: Fact) => {
    const by = personIn(fact, 'by');
    const isAllowed = fact.direction === 'outbound' || !by || wasAdmin(group, by, fact.version);
    return inGroup && isAllowed !== false;
  };
  const isOthers = (fact: Fact) =>
    others.some((other) => compareOwners(other, ownerOf(fact)) === 'same');
  /** The address, else what the key implies: this account, or the other person of the chat. */
  const who = (fact: Fact, field: string) => {
    const end = fact.sk.split('#').at(-1) ?? '';
    return (end === 'peer' ? chat?.id : personIn(fact, field)?.id) ?? end;
  };

  // A chat or an author with two addresses may have two facts for one change. The latest edit and the
  // earliest deletion are kept, as in a single register.
  const allEdits = withoutCopies(named('edit').reverse(), editKey).reverse();
  const allDeletions = withoutCopies(named('revoked'), changeKey);
  const edits = allEdits.filter(isByAuthor);
  // An edit that could not be read leaves the text as it was.
  const edited = edits.map((edit) => textOf(edit, 'body')).findLast((body) => body !== undefined);
  const deletions = allDeletions.filter((fact) => !isOthers(fact));
  const revoked = deletions.find(isByAuthor) ?? deletions.find((fact) => isByAdmin(fact));
  const refused = [
    ...allEdits.filter((fact) => !isOthers(fact) && !isByAuthor(fact)),
    ...deletions.filter((fact) => !isByAuthor(fact) && !isByAdmin(fact)),
  ];
  // A vote that could not be read counts only if the person has no other: a space sorts before each version.
  const votes = [...all('vote'), ...all('unread-vote')].map((vote) =>
    vote.choices === undefined ? { ...vote, version: ` ${vote.version}` } : vote,
  );
  const sentAs = content.ack as { level: number; name?: unknown } | undefined;
  const acks: readonly Ack[] = [
    ...(sentAs?.level === undefined
      ? []
      : [
          {
            ...{ level: sentAs.level, name: sentAs.name, at: content.sentAt },
            ...{ by: inGroup ? '' : (chat?.id ?? ''), version: content.version },
          },
        ]),
    ...all('ack').map((fact) => ({
      ...{ level: Number(fact.level), name: fact.name, error: fact.error, at: fact.at },
      ...{ by: who(fact, 'recipient'), version: fact.version },
    })),
  ];
  const reached = withoutCopies(acks, ({ level, by }) => JSON.stringify([level, by]));
  const ack = currentAck(acks);
  return {
    ...{ id: textOf(content, 'messageId'), session, sentAt: textOf(content, 'sentAt') },
    direction: owner.direction,
    author: owner.person ?? (inGroup || owner.direction === 'outbound' ? undefined : chat),
    authorName: textOf(content, 'authorName'),
    content: textOf(content, 'content'),
    ...{ choice: content.choice, poll: content.poll, order: content.order },
    body: edited ?? textOf(content, 'body'),
    ...{ hasMedia: content.hasMedia === true, media: content.media, location: content.location },
    replyTo: textOf(content, 'replyTo'),
    waiting: content.waiting === true && content.content !== 'other',
    edits: edits.map(({ at, body }) => ({ at, body })),
    revoked: revoked && {
      ...{ at: revoked.at, by: personIn(revoked, 'by'), byAdmin: !isByAuthor(revoked) },
    },
    refused: refused.map((fact) => ({
      action: fact.sk.startsWith('edit#') ? 'edit' : 'deletion',
      ...{ at: fact.at, direction: textOf(fact, 'direction'), body: fact.body },
      by: personIn(fact, 'author') ?? personIn(fact, 'by'),
    })),
    reactions: latestByPerson(all('reaction'), 'author')
      .filter(({ emoji }) => emoji !== undefined)
      .map((fact) => ({ by: who(fact, 'author'), emoji: fact.emoji, at: fact.at })),
    ack: ack && { level: ack.level, name: ack.name, error: ack.error, at: ack.at },
    reached: reached
      .sort((a, b) => a.level - b.level)
      .map(({ level, by, name, at }) => ({ level, by, name, at })),
    votes: latestByPerson(votes, 'voter').map((fact) => ({
      ...{ by: who(fact, 'voter'), choices: fact.choices, at: fact.at },
    })),
  };
}

/** A level that a message reached, or the error with which it failed. */
interface Ack {
  readonly level: number;
  readonly name: unknown;
  readonly error?: unknown;
  readonly at: unknown;
  readonly by: string;
  readonly version: string;
}

/** Levels that decide whether an error counts. */
const levels = { error: -1, pending: 0, device: 2 } as const;

/**
 * The first time that the highest level was reached; or the last error, if the message reached no phone and
 * did not reach a level above `pending` after the error, as it does when it is sent again.
 *
 * @param acks in the order of their versions
 */
function currentAck(acks: readonly Ack[]): Ack | undefined {
  const [highest] = [...acks].sort(
    (a, b) => b.level - a.level || (String(a.at) < String(b.at) ? -1 : 1),
  );
  const failed = acks.findLast(({ level }) => level === levels.error);
  const isFailed =
    failed &&
    highest &&
    (highest.level <= levels.pending ||
      (highest.level < levels.device && highest.version < failed.version));
  return isFailed ? failed : highest;
}

/** Who made a change. */
const changeKey = (fact: Fact) => {
  const { direction, person } = ownerOf(fact);
  return JSON.stringify([direction, person?.id]);
};

/** Actor and edit; the edit is at the end of the sort key. */
const editKey = (fact: Fact) => JSON.stringify([changeKey(fact), fact.sk.split('#').slice(-2)]);

/** The first item of each key. */
function withoutCopies<Each>(all: readonly Each[], keyOf: (each: Each) => string): Each[] {
  const first = new Map<string, Each>();
  for (const each of all) {
    const key = keyOf(each);
    if (!first.has(key)) {
      first.set(key, each);
    }
  }
  return [...first.values()];
}
