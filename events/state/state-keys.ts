import { hash } from 'node:crypto';

/** Key attributes of the state table. */
export const keyAttributes = { partition: 'pk', sort: 'sk' } as const;

/** The consumers that store which addresses belong to one person. */
export const aliasConsumers = ['messages', 'calls', 'labels'] as const;

/** Characters of an ISO-8601 time down to the hour. */
const toHour = 13;

/** The hour of a time, the first part of the sort key of an active chat. */
export const hourOf = (instant: string): string => instant.slice(0, toHour);

/**
 * The partition keys of the state table. The first part of each is the consumer that writes it, so that
 * its role can be limited to it (`dynamodb:LeadingKeys`).
 */
export const stateKeys = {
  /** The names of the sessions that have messages. */
  messageSessions: 'messages#sessions',
  /** The facts about the messages with one bare id in a chat. */
  message: (session: string, chat: string, id: string) =>
    stateKey('messages', 'message', session, chat, id),
  /** The messages of a chat by time. */
  timeline: (session: string, chat: string) => stateKey('messages', 'timeline', session, chat),
  /** The chats of a session by the hours in which they had messages. */
  chats: (session: string) => stateKey('messages', 'chats', session),

  groupSessions: 'groups#sessions',
  group: (session: string, group: string) => stateKey('groups', 'group', session, group),

  callSessions: 'calls#sessions',
  call: (session: string, call: string) => stateKey('calls', 'call', session, call),
  /** The calls of a session by time. */
  calls: (session: string) => stateKey('calls', 'calls', session),

  labelSessions: 'labels#sessions',
  /** The labels of a session. */
  labels: (session: string) => stateKey('labels', 'labels', session),
  /** The chats of a label. */
  label: (session: string, label: string) => stateKey('labels', 'label', session, label),
  /** The labels of a chat. */
  chatLabels: (session: string, chat: string) => stateKey('labels', 'chat', session, chat),

  /** The other addresses of a person: hidden ids of a phone number, or phone numbers of a hidden id. */
  aliases: (consumer: (typeof aliasConsumers)[number], session: string, address: string) =>
    stateKey(consumer, 'aliases', session, address),

  /** Status and account of every session. */
  sessions: 'sessions#sessions',
  /** The history of a session. */
  sessionHistory: (session: string) => stateKey('sessions', 'history', session),
} as const;

/** The session of an event without a session name. */
export const unnamedSession = '';

/**
 * Maximum bytes of one part of a key. DynamoDB allows 2,048 bytes for a partition key and 1,024 for a sort
 * key (DynamoDB Developer Guide, "Quotas"); a key has at most four parts of untrusted text.
 */
const maxPartLength = 200;

/** Replaces an empty name, since DynamoDB does not allow empty keys. */
const empty = '%-';

/**
 * Joins parts to one key. Two different lists of parts never have the same key: the separator is escaped, and
 * a part that is too long is replaced by its hash.
 */
export function stateKey(...parts: readonly string[]): string {
  return parts.map(keyPart).join('#');
}

function keyPart(text: string): string {
  const escaped = text.toWellFormed().replace(/[%#]/g, (sign) => (sign === '%' ? '%25' : '%23'));
  if (escaped === '') {
    return empty;
  }
  return Buffer.byteLength(escaped) <= maxPartLength ? escaped : `%h${hash('sha256', escaped)}`;
}

/** Splits a key into its parts. A part that was too long is returned as its hash. */
export const readKey = (key: string): readonly string[] =>
  key
    .split('#')
    .map((part) => (part === empty ? '' : part.replaceAll('%23', '#').replaceAll('%25', '%')));
