import { readAddress } from '../../events/address.ts';
import type { EventTypeIn } from '../../events/catalog.ts';
import type { EventOf, Meta } from '../../events/envelope.ts';
import { hourOf, stateKey, stateKeys, unnamedSession } from '../../events/state/state-keys.ts';
import {
  type Address,
  aliases,
  bounded,
  constant,
  cut,
  earliest,
  happenedAt,
  knownSession,
  maxPreviousTextLength,
  maxTextLength,
  type Register,
  type RegistersOf,
  stored,
  type Value,
  versionOf,
} from './register.ts';

/**
 * The registers of the consumer `messages`: each message with its acks, reactions, edits, revocations and
 * votes, and the active chats.
 */
export const messageRegisters: RegistersOf<EventTypeIn<'messages' | 'polls'>> = {
  message: reported,
  'message.any': reported,
  'message.waiting': reported,
  'message.reaction': reacted,
  'message.ack': acknowledged,
  'message.ack.group': acknowledged,
  'message.revoked': revoked,
  'message.edited': edited,
  'poll.vote': voted,
  'poll.vote.failed': voted,
};

type Direction = 'inbound' | 'outbound' | undefined;

/**
 * The message that a fact is about. Its bare id alone does not identify it: the author chooses the id, so it
 * may occur in several chats, in both directions, and with another author in the same group.
 */
interface Subject {
  readonly meta: Meta;
  readonly id: string | undefined;
  readonly chat: Address | undefined;
  readonly direction: Direction;
  readonly author?: Address | undefined;
}

/** A fact about a message: its name, whether the earliest or latest value is kept, and its data. */
interface MessageFact {
  readonly name: string;
  /** Distinguishes facts with the same name. */
  readonly key?: readonly string[];
  /** The person of the fact: who reacted, voted or received the message. */
  readonly by?: Address | undefined;
  readonly keeps: Register['keeps'];
  readonly data: { readonly [name: string]: Value };
}

/**
 * The author, which is needed only for an inbound message in a group. In a direct chat the direction
 * identifies the author, and outbound messages are from this account.
 */
const ownerIn = ({ chat, direction, author }: Subject): Address | undefined =>
  chat?.kind === 'user' || direction === 'outbound' ? undefined : author;

/**
 * The register of one fact about a message; none if the event does not name the message and its chat. All
 * facts of one bare id in one chat are in one partition; the sort key and `of` identify the author of the
 * message. Readers decide which facts belong together, since a phone number and a hidden id may be one
 * person.
 */
function messageFact(subject: Subject, fact: MessageFact): readonly Register[] {
  const { meta, id, chat, direction } = subject;
  if (!id || !chat) {
    return [];
  }
  const owner = ownerIn(subject);
  return [
    {
      pk: stateKeys.message(meta.session ?? unnamedSession, chat.id, id),
      sk: stateKey(fact.name, direction ?? '', owner?.id ?? '', ...(fact.key ?? [])),
      keeps: fact.keeps,
      version: versionOf(meta),
      data: { ...fact.data, of: { direction, person: stored(owner) } },
      receivedAt: meta.receivedAt,
    },
    ...aliasesOf(meta, chat, subject.author, fact.by),
  ];
}

type Reported = EventOf<'message' | 'message.any' | 'message.waiting'>;

/**
 * The registers of a message: one item in the chat's timeline, and one that the chat had messages in that
 * hour. A message costs one write unit for each started KB, and one more for the first message of an hour in
 * its chat. The first report with content is kept: a later event cannot replace the text of a stored message.
 */
function reported({ type, meta, data }: Reported): readonly Register[] {
  const { messageId, author, direction, authorName, source } = data;
  const { body, hasMedia, media, location, replyTo, choice, poll, order, unavailable, ack } = data;
  const chat = chatOf(data.chat, messageId);
  // The same message was published as another event type, which this consumer also receives.
  if (meta.duplicateOf !== undefined || !chat || !messageId) {
    return [];
  }
  const session = meta.session ?? unnamedSession;
  const owner = ownerIn({ meta, id: messageId.id, chat, direction, author });
  // An item of its own, which the content does not have to replace.
  const isWaiting = type === 'message.waiting' || isWithoutContent(data);
  const mark = isWaiting ? ['waiting'] : [];
  const place = stateKey(
    ...[happenedAt(meta), messageId.id, direction ?? '', owner?.id ?? '', ...mark],
  );
  return [
    earliest({ pk: stateKeys.timeline(session, chat.id), sk: place }, meta, {
      messageId: cut(messageId.id),
      chat: stored(chat),
      author: stored(owner),
      authorName: direction === 'outbound' ? undefined : short(authorName),
      ...{ direction, source, sentAt: happenedAt(meta) },
      ...{ content: data.content, unavailable, waiting: isWaiting || undefined },
      body: text(body),
      ...{ choice: bounded(choice), poll: bounded(poll), order: bounded(order) },
      ...{ hasMedia: hasMedia || undefined, media: bounded(media), location: bounded(location) },
      replyTo: short(replyTo?.messageId),
      // The ack of the first report. Each later level is an item of its own.
      ack: direction === 'outbound' && ack ? { level: ack.level, name: ack.name } : undefined,
    }),
    {
      ...constant(
        { pk: stateKeys.chats(session), sk: stateKey(hourOf(happenedAt(meta)), chat.id) },
        { chat: { id: cut(chat.id) } },
      ),
      receivedAt: meta.receivedAt,
    },
    ...aliasesOf(meta, chat, author),
    knownSession(stateKeys.messageSessions, session),
  ];
}

/**
 * Whether the content may still follow: a sender that could not decrypt a message, or received it empty,
 * reports it again under the same id when it can read it.
 */
function isWithoutContent({ content, unavailable, body, media, location }: Reported['data']) {
  return (
    unavailable === 'undecryptable' ||
    (content === 'other' && body === undefined && media === undefined && location === undefined)
  );
}

function reacted({ meta, data }: EventOf<'message.reaction'>): readonly Register[] {
  const { author, direction, target, emoji, removed } = data;
  const subject = targetOf({ meta, chat: data.chat }, target);
  return messageFact(subject, {
    ...{ name: 'reaction', key: [personKey(subject.chat, direction, author)], keeps: 'latest' },
    by: author,
    data: {
      ...{ emoji: short(emoji), removed, direction, at: happenedAt(meta) },
      author: stored(author),
    },
  });
}

/**
 * One register for each ack level, so that readers know the highest level and when each was first reached. Of
 * several errors the last is kept, since a message may be sent again after an error.
 */
function acknowledged({
  meta,
  data,
}: EventOf<'message.ack' | 'message.ack.group'>): readonly Register[] {
  const { messageId, direction, recipient, ack } = data;
  if (ack?.level === undefined) {
    return [];
  }
  const subject = { ...targetOf({ meta, chat: data.chat }, messageId), direction };
  // An inbound message was read by this account, on another device.
  const by = direction === 'inbound' ? 'me' : personKey(subject.chat, undefined, recipient);
  return messageFact(subject, {
    ...{ name: 'ack', key: [String(ack.level), by] },
    keeps: ack.level < 0 ? 'latest' : 'earliest',
    by: recipient,
    data: {
      ...{ level: ack.level, name: ack.name, error: bounded(ack.error), at: happenedAt(meta) },
      recipient: stored(recipient),
    },
  });
}

/** Each reported revocation is kept. Readers decide whether its author was allowed to revoke the message. */
function revoked({ meta, data }: EventOf<'message.revoked'>): readonly Register[] {
  const { direction, revokedBy, revokedMessageId, messageId } = data;
  const chat = chatOf(data.chat, messageId);
  const subject = { meta, id: revokedMessageId, chat, direction, author: revokedBy };
  return messageFact(subject, {
    ...{ name: 'revoked', keeps: 'earliest' },
    data: { at: happenedAt(meta), by: stored(revokedBy), direction },
  });
}

/** Each edit is kept with its author. The last edit by the message's author is the current text. */
function edited({ meta, data }: EventOf<'message.edited'>): readonly Register[] {
  const { direction, author, editedMessageId, messageId, body, previousBody, unavailable } = data;
  const chat = chatOf(data.chat, messageId);
  return messageFact(
    { meta, id: editedMessageId, chat, direction, author },
    {
      ...{ name: 'edit', keeps: 'latest' },
      key: messageId ? ['id', messageId.id] : ['event', meta.id],
      data: {
        ...{ at: happenedAt(meta), author: stored(author), direction },
        ...{ body: text(body), unavailable },
        previousBody: previousBody && cut(previousBody, maxPreviousTextLength),
      },
    },
  );
}

/** A vote that could not be read is a register of its own, so that the last readable vote is kept. */
function voted({ meta, data }: EventOf<'poll.vote' | 'poll.vote.failed'>): readonly Register[] {
  const { poll, voter, direction, choices } = data;
  const subject = targetOf({ meta, chat: data.chat }, poll);
  return messageFact(subject, {
    name: choices === undefined ? 'unread-vote' : 'vote',
    ...{ key: [personKey(subject.chat, direction, voter)], keeps: 'latest' },
    by: voter,
    data: {
      ...{ at: happenedAt(meta), direction, voter: stored(voter), choices: bounded(choices) },
      failed: choices === undefined,
    },
  });
}

/** A message id in its parts, as events name the message that they are about. */
interface NamedMessage {
  readonly id: string;
  readonly fromMe?: boolean | undefined;
  readonly chat?: string | undefined;
  readonly participant?: string | undefined;
}

/** The subject for a message id. */
function targetOf(
  { meta, chat }: Pick<Subject, 'meta' | 'chat'>,
  target: NamedMessage | undefined,
): Subject {
  const { id, fromMe } = target ?? {};
  return {
    ...{ meta, id, chat: chatOf(chat, target), author: readAddress(target?.participant) },
    direction: fromMe === undefined ? undefined : fromMe ? 'outbound' : 'inbound',
  };
}

/** The chat of the event, else the chat in the message id. */
const chatOf = (chat: Address | undefined, id: Partial<NamedMessage> | undefined) =>
  chat ?? readAddress(id?.chat);

/**
 * The key part for the person of a reaction, vote or receipt. This account, and the other person in a direct
 * chat, are not identified by an address: one event may have the phone number and the next the hidden id.
 */
function personKey(
  chat: Address | undefined,
  direction: Direction,
  person: Address | undefined,
): string {
  if (direction === 'outbound') {
    return 'me';
  }
  if (chat?.kind === 'user') {
    return 'peer';
  }
  return person?.id ?? '';
}

/** The registers of the pairs of addresses in an event. */
const aliasesOf = (meta: Meta, ...named: readonly (Address | undefined)[]): readonly Register[] =>
  named.flatMap((address) => (address?.kind === 'user' ? aliases('messages', meta, address) : []));

const text = (value: string | undefined): Value => value && cut(value, maxTextLength);
const short = (value: string | undefined): Value => value && cut(value);
