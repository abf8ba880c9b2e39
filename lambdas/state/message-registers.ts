import type { EventTypeIn } from '../../events/catalog.ts';
import type { EventOf } from '../../events/envelope.ts';
import { stateKey } from '../../events/state/state-key.ts';
import { stateKeys, unnamedSession } from '../../events/state/state-keys.ts';
import { byTime, chatFacts, messageFact, personKey } from './message-facts.ts';
import {
  bounded,
  cut,
  longestPreviousText,
  longestText,
  type Register,
  type RegistersOf,
  type Value,
} from './register.ts';

/** What the consumer `messages` keeps: each message with all that became of it, and each chat. */
export const messageRegisters: RegistersOf<EventTypeIn<'messages' | 'polls'>> = {
  message: (event) => told(event, 'content'),
  'message.any': (event) => told(event, 'content'),
  'message.waiting': (event) => told(event, 'waiting'),
  'message.reaction': reacted,
  'message.ack': acknowledged,
  'message.ack.group': acknowledged,
  'message.revoked': revoked,
  'message.edited': edited,
  'poll.vote': voted,
  'poll.vote.failed': voted,
};

type Told = EventOf<'message' | 'message.any' | 'message.waiting'>;

/** The first telling counts: nobody can put other words under the id of a message that is there. */
function told({ meta, data }: Told, sk: 'content' | 'waiting'): readonly Register[] {
  const { messageId, chat, author, direction, authorName, source } = data;
  const subject = { meta, chat };
  const session = meta.session ?? unnamedSession;
  const { body, hasMedia, media, location, replyTo } = data;
  const content = messageFact(subject, messageId, sk, 'earliest', {
    messageId: cut(messageId?.id ?? ''),
    chat: bounded(chat),
    author: bounded(author),
    authorName: name(authorName),
    ...{ direction, source, sentAt: meta.occurredAt },
    body: text(body),
    ...{ hasMedia, media: bounded(media), location: bounded(location) },
    replyTo: name(replyTo?.messageId),
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
  return [...content, ...reached, ...chatFacts(subject, direction, authorName)];
}

function reacted({ meta, data }: EventOf<'message.reaction'>): readonly Register[] {
  const { chat, author, direction, target, emoji, removed } = data;
  const sk = stateKey('reaction', personKey(chat, direction, author));
  return [
    ...messageFact({ meta, chat }, target, sk, 'latest', {
      ...{ emoji: name(emoji), removed, direction, at: meta.occurredAt },
      author: bounded(author),
    }),
    ...chatFacts({ meta, chat }, direction),
  ];
}

interface Acknowledged {
  readonly meta: Told['meta'] | EventOf<'message.ack' | 'message.ack.group'>['meta'];
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
  if (ack?.level === undefined) return [];
  // Of an inbound message it is this account that has read it, on another device.
  const by = direction === 'inbound' ? 'me' : personKey(chat, undefined, recipient);
  return messageFact(
    { meta, chat },
    messageId,
    stateKey('ack', String(ack.level), by),
    'earliest',
    { level: ack.level, name: ack.name, at: meta.occurredAt, recipient: bounded(recipient) },
  );
}

function revoked({ meta, data }: EventOf<'message.revoked'>): readonly Register[] {
  const { chat, direction, revokedBy, revokedMessageId } = data;
  return [
    ...messageFact({ meta, chat }, { id: revokedMessageId }, 'revoked', 'earliest', {
      ...{ at: meta.occurredAt, by: bounded(revokedBy) },
    }),
    ...chatFacts({ meta, chat }, direction),
  ];
}

/** Each edit is kept; the body of the last one is the message's. */
function edited({ meta, data }: EventOf<'message.edited'>): readonly Register[] {
  const { chat, direction, author, editedMessageId, messageId, body, previousBody } = data;
  const own = messageId ? stateKey('edit', 'id', messageId.id) : stateKey('edit', 'event', meta.id);
  return [
    ...messageFact({ meta, chat }, { id: editedMessageId }, own, 'latest', {
      ...{ at: meta.occurredAt, author: bounded(author) },
      ...{ body: text(body), previousBody: previousBody && cut(previousBody, longestPreviousText) },
    }),
    ...chatFacts({ meta, chat }, direction),
  ];
}

function voted({ meta, data }: EventOf<'poll.vote' | 'poll.vote.failed'>): readonly Register[] {
  const { poll, chat, voter, direction, choices } = data;
  const sk = stateKey('vote', personKey(chat, direction, voter));
  return [
    ...messageFact({ meta, chat }, poll, sk, 'latest', {
      ...{ at: meta.occurredAt, direction, voter: bounded(voter), choices: bounded(choices) },
      failed: choices === undefined,
    }),
    ...chatFacts({ meta, chat }, direction),
  ];
}

const text = (value: string | undefined): Value => value && cut(value, longestText);
const name = (value: string | undefined): Value => value && cut(value);
