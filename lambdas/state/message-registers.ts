import { readAddress } from '../../events/address.ts';
import type { EventTypeIn } from '../../events/catalog.ts';
import type { EventOf, Meta } from '../../events/envelope.ts';
import {
  messageScope,
  stateKey,
  stateKeys,
  unnamedSession,
} from '../../events/state/state-keys.ts';
import {
  bounded,
  cut,
  knownSession,
  latest,
  maxPreviousTextLength,
  maxTextLength,
  type Register,
  type RegistersOf,
  stampOf,
  type Value,
} from './register.ts';

/** What the consumer `messages` keeps: each message with all that became of it, and each chat. */
export const messageRegisters: RegistersOf<EventTypeIn<'messages' | 'polls'>> = {
  message: (event) => reported(event, 'content'),
  'message.any': (event) => reported(event, 'content'),
  'message.waiting': (event) => reported(event, 'waiting'),
  'message.reaction': reacted,
  'message.ack': acknowledged,
  'message.ack.group': acknowledged,
  'message.revoked': revoked,
  'message.edited': edited,
  'poll.vote': voted,
  'poll.vote.failed': voted,
};

/** An address as events have it. */
interface Address {
  readonly kind: string;
  readonly id: string;
  readonly phone?: string | undefined;
  readonly lid?: string | undefined;
}

type Direction = 'inbound' | 'outbound' | undefined;

/**
 * The message that a fact is about. Its bare id alone does not say so: the author chooses the id, so
 * one id may occur in several chats, and again by another author in the same chat.
 */
interface Subject {
  readonly meta: Meta;
  readonly id: string | undefined;
  readonly chat: Address | undefined;
  readonly direction: Direction;
  readonly author?: Address | undefined;
}

/** A fact of a message: what it is called, which value stays, and what it says. */
interface MessageFact {
  readonly name: string;
  /** Distinguishes facts of one name. */
  readonly key?: readonly string[];
  readonly keeps: Register['keeps'];
  readonly data: { readonly [name: string]: Value };
}

/**
 * One fact of a message; none where the event does not say of which message. All facts under one bare id in
 * one scope are in one partition; the sort key and `of` say of whose message each is: in a direct chat of the
 * other person, else of the author. Readers decide what belongs together, since a phone number and a hidden
 * id may be one person.
 */
function messageFact(subject: Subject, fact: MessageFact): readonly Register[] {
  const { meta, id, chat, direction } = subject;
  if (!id) {
    return [];
  }
  const other = chat?.kind === 'user' ? chat : subject.author;
  // Elsewhere than in direct chats, what goes out is this account's.
  const person = chat?.kind !== 'user' && direction === 'outbound' ? undefined : other;
  return [
    {
      pk: stateKeys.message(meta.session ?? unnamedSession, messageScope(chat), id),
      sk: stateKey(fact.name, direction ?? '', person?.id ?? '', ...(fact.key ?? [])),
      keeps: fact.keeps,
      stamp: stampOf(meta),
      data: { ...fact.data, of: { direction, person: person && personOf(person) } },
      receivedAt: meta.receivedAt,
    },
  ];
}

const personOf = ({ id, phone, lid }: Address): Value => ({
  id: cut(id),
  phone: short(phone),
  lid: short(lid),
});

type Reported = EventOf<'message' | 'message.any' | 'message.waiting'>;

/** The first report counts: a later event cannot replace the text of a message that is stored. */
function reported({ meta, data }: Reported, name: 'content' | 'waiting'): readonly Register[] {
  const { messageId, chat, author, direction, authorName, source } = data;
  const session = meta.session ?? unnamedSession;
  const { body, hasMedia, media, location, replyTo, choice, poll, order, unavailable } = data;
  const subject = { meta, id: messageId?.id, direction, author, chat: chatOf(chat, messageId) };
  const content = messageFact(subject, {
    ...{ name, keeps: 'earliest' },
    data: {
      messageId: cut(messageId?.id ?? ''),
      chat: bounded(chat),
      author: bounded(author),
      authorName: short(authorName),
      ...{ direction, source, sentAt: meta.occurredAt },
      ...{ content: data.content, unavailable },
      body: text(body),
      ...{ choice: bounded(choice), poll: bounded(poll), order: bounded(order) },
      ...{ hasMedia, media: bounded(media), location: bounded(location) },
      replyTo: short(replyTo?.messageId),
    },
  }).map((register) => ({
    ...register,
    list: chat && {
      partition: stateKeys.timeline(session, chat.id),
      sort: byTime(meta, messageId?.id ?? ''),
    },
  }));
  const reached =
    direction === 'outbound'
      ? reachedFact({ meta, data: { chat, direction, messageId, ack: data.ack } })
      : [];
  return [...content, ...reached, ...chatFacts(meta, chat, direction, authorName)];
}

function reacted({ meta, data }: EventOf<'message.reaction'>): readonly Register[] {
  const { chat, author, direction, target, emoji, removed } = data;
  return [
    ...messageFact(targetOf({ meta, chat }, target), {
      ...{ name: 'reaction', key: [personKey(chat, direction, author)], keeps: 'latest' },
      data: {
        ...{ emoji: short(emoji), removed, direction, at: meta.occurredAt },
        author: bounded(author),
      },
    }),
    ...chatFacts(meta, chat, direction),
  ];
}

interface Acknowledged {
  readonly meta: Meta;
  readonly data: Pick<
    EventOf<'message.ack'>['data'],
    'ack' | 'chat' | 'direction' | 'messageId' | 'recipient'
  >;
}

function acknowledged(event: EventOf<'message.ack' | 'message.ack.group'>): readonly Register[] {
  return reachedFact(event);
}

/** One register for each level, so that the highest is known and when each was reached first. */
function reachedFact({ meta, data }: Acknowledged): readonly Register[] {
  const { messageId, chat, direction, recipient, ack } = data;
  if (ack?.level === undefined) {
    return [];
  }
  // Of an inbound message it is this account that has read it, on another device.
  const by = direction === 'inbound' ? 'me' : personKey(chat, undefined, recipient);
  return messageFact(
    { ...targetOf({ meta, chat }, messageId), direction },
    {
      ...{ name: 'ack', key: [String(ack.level), by], keeps: 'earliest' },
      data: {
        ...{ level: ack.level, name: ack.name, at: meta.occurredAt },
        recipient: bounded(recipient),
      },
    },
  );
}

/** Each reported deletion is kept; readers decide whether its author was allowed to delete. */
function revoked({ meta, data }: EventOf<'message.revoked'>): readonly Register[] {
  const { chat, direction, revokedBy, revokedMessageId, messageId } = data;
  const subject = { meta, id: revokedMessageId, direction, author: revokedBy };
  return [
    ...messageFact(
      { ...subject, chat: chatOf(chat, messageId) },
      {
        ...{ name: 'revoked', keeps: 'earliest' },
        data: { at: meta.occurredAt, by: bounded(revokedBy), direction },
      },
    ),
    ...chatFacts(meta, chat, direction),
  ];
}

/** Each edit is kept with who made it; the body of the author's last one is the message's. */
function edited({ meta, data }: EventOf<'message.edited'>): readonly Register[] {
  const { chat, direction, author, editedMessageId, messageId, body, previousBody } = data;
  const { unavailable } = data;
  const subject = { meta, id: editedMessageId, direction, author };
  return [
    ...messageFact(
      { ...subject, chat: chatOf(chat, messageId) },
      {
        ...{ name: 'edit', keeps: 'latest' },
        key: messageId ? ['id', messageId.id] : ['event', meta.id],
        data: {
          ...{
            at: meta.occurredAt,
            author: bounded(author),
            direction,
            body: text(body),
            unavailable,
          },
          previousBody: previousBody && cut(previousBody, maxPreviousTextLength),
        },
      },
    ),
    ...chatFacts(meta, chat, direction),
  ];
}

function voted({ meta, data }: EventOf<'poll.vote' | 'poll.vote.failed'>): readonly Register[] {
  const { poll, chat, voter, direction, choices } = data;
  return [
    ...messageFact(targetOf({ meta, chat }, poll), {
      ...{ name: 'vote', key: [personKey(chat, direction, voter)], keeps: 'latest' },
      data: {
        ...{ at: meta.occurredAt, direction, voter: bounded(voter), choices: bounded(choices) },
        failed: choices === undefined,
      },
    }),
    ...chatFacts(meta, chat, direction),
  ];
}

/** A message id in its parts, as events name the message that they are about. */
interface NamedMessage {
  readonly id: string;
  readonly fromMe?: boolean | undefined;
  readonly chat?: string | undefined;
  readonly participant?: string | undefined;
}

/** The message that an id names, as a subject. */
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

/** The chat that the event names, else the one in the message's id. */
const chatOf = (chat: Address | undefined, id: Partial<NamedMessage> | undefined) =>
  chat ?? readAddress(id?.chat);

/**
 * Whose reaction, vote or receipt it is. This account's own and, in a direct chat, the other person's
 * need no address: it may be the phone number in one event and the hidden id in the next.
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

/** What the chat list shows of a chat, and what joins its two addresses. */
function chatFacts(
  meta: Meta,
  chat: Address | undefined,
  direction: Direction,
  name?: string,
): readonly Register[] {
  if (!chat) {
    return [];
  }
  const session = meta.session ?? unnamedSession;
  const pk = stateKeys.chat(session, chat.id);
  const data = { chat: bounded(chat), at: meta.occurredAt, type: meta.type, direction };
  const activity: Register = {
    ...latest({ pk, sk: 'activity' }, meta, data),
    receivedAt: meta.receivedAt,
    list: { partition: stateKeys.chats(session), sort: byTime(meta, chat.id) },
  };
  const named: Register[] =
    name !== undefined && chat.kind === 'user' && direction === 'inbound'
      ? [{ ...activity, sk: 'name', data: { name: cut(name) }, list: undefined }]
      : [];
  return [
    activity,
    ...named,
    ...aliasFacts(session, chat),
    knownSession(stateKeys.messageSessions, session),
  ];
}

/** Both addresses of a person lead to each other. */
function aliasFacts(session: string, { id, lid }: Address): readonly Register[] {
  if (lid === undefined || lid === id) {
    return [];
  }
  return [
    [id, lid],
    [lid, id],
  ].map(([from = '', to = '']) => ({
    pk: stateKeys.chat(session, from),
    sk: stateKey('alias', to),
    keeps: 'constant',
    stamp: '',
    data: { alias: to },
  }));
}

/** Time and id as the sort key of a list. */
const byTime = (meta: Meta, id: string) => stateKey(meta.occurredAt, id);

const text = (value: string | undefined): Value => value && cut(value, maxTextLength);
const short = (value: string | undefined): Value => value && cut(value);
