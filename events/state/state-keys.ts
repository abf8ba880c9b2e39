import { hash } from 'node:crypto';

/** Name of the table's index: entries of one list, sorted by time. */
export const timeIndex = 'byTime';

/** Key attributes of the table and of its index. */
export const keyAttributes = {
  partition: 'pk',
  sort: 'sk',
  listPartition: 'listPk',
  listSort: 'listSk',
} as const;

/**
 * Where what is kept in the state table. The first part of each partition key is the consumer that
 * writes it, so that its role can be held to it (`dynamodb:LeadingKeys`).
 */
export const stateKeys = {
  /** The names of the sessions of which messages are known. */
  messageSessions: 'messages#sessions',
  /** All that is known of one message. `scope`: its chat, or `direct` for all direct chats. */
  message: (session: string, scope: string, id: string) =>
    stateKey('messages', 'message', session, scope, id),
  /** A chat's last activity, its name, and the other address of the same person. */
  chat: (session: string, chat: string) => stateKey('messages', 'chat', session, chat),
  /** List: the messages of a chat by time. */
  timeline: (session: string, chat: string) => stateKey('messages', 'timeline', session, chat),
  /** List: the chats of a session by last activity. */
  chats: (session: string) => stateKey('messages', 'chats', session),

  groupSessions: 'groups#sessions',
  group: (session: string, group: string) => stateKey('groups', 'group', session, group),

  callSessions: 'calls#sessions',
  call: (session: string, call: string) => stateKey('calls', 'call', session, call),
  /** List: the calls of a session by time. */
  calls: (session: string) => stateKey('calls', 'calls', session),

  labelSessions: 'labels#sessions',
  /** The labels of a session. */
  labels: (session: string) => stateKey('labels', 'labels', session),
  /** The chats of a label. */
  label: (session: string, label: string) => stateKey('labels', 'label', session, label),
  /** The labels of a chat. */
  chatLabels: (session: string, chat: string) => stateKey('labels', 'chat', session, chat),

  /** Status and account of every session. */
  sessions: 'sessions#sessions',
  /** What a session went through. */
  sessionHistory: (session: string) => stateKey('sessions', 'history', session),
} as const;

/** The session of an event whose sender names none. */
export const unnamedSession = '';

/** Scope of messages in direct chats: one person may have two addresses, but a message has one id. */
const direct = 'direct';

/**
 * Where what becomes of a message is kept: its group, channel or feed; for all direct chats together the
 * same, because one event may name the chat by phone number and the next by hidden id. Each fact there says
 * of whose message it is.
 */
export function messageScope(
  chat: { readonly kind: string; readonly id: string } | undefined,
): string {
  return chat === undefined || chat.kind === 'user' ? direct : chat.id;
}

/**
 * Bytes of one part of a key at most. DynamoDB takes 2,048 bytes of a partition key and 1,024 of a
 * sort key (DynamoDB Developer Guide, "Quotas"); no key here has more than four parts of untrusted text.
 */
const maxPartLength = 200;

/** Stands for an empty name: DynamoDB takes no empty key. */
const empty = '%-';

/**
 * Parts as one key. Whatever they hold, two different lists of parts never give the same key: the
 * separator is escaped, and a part that is too long is replaced by its hash.
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
