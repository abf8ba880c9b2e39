import type { Meta } from '../../events/envelope.ts';
import { stateKey } from '../../events/state/state-key.ts';
import { messageScope, stateKeys, unnamedSession } from '../../events/state/state-keys.ts';
import {
  bounded,
  cut,
  knownSession,
  latest,
  type Register,
  stampOf,
  type Value,
} from './register.ts';

/** An address as events have it. */
export interface Party {
  readonly kind: string;
  readonly id: string;
  readonly phone?: string | undefined;
  readonly lid?: string | undefined;
}

/** The parts of a message's id that say which message it is. */
export interface NamedMessage {
  readonly id?: string;
  readonly chat?: string | undefined;
}

/** What an event about a message is about. */
export interface Subject {
  readonly meta: Meta;
  readonly chat: Party | undefined;
}

/** One fact of a message; none where the event does not say of which message. */
export function messageFact(
  { meta, chat }: Subject,
  message: NamedMessage | undefined,
  sk: string,
  keeps: Register['keeps'],
  data: { readonly [name: string]: Value },
): readonly Register[] {
  if (!message?.id) return [];
  const pk = stateKeys.message(
    meta.session ?? unnamedSession,
    messageScope(chat, message.chat),
    message.id,
  );
  return [{ pk, sk, keeps, stamp: stampOf(meta), data, receivedAt: meta.receivedAt }];
}

/** Time and id as the sort key of a list. */
export const byTime = (meta: Meta, id: string) => stateKey(meta.occurredAt, id);

/**
 * Whose reaction, vote or receipt it is. This account's own and, in a direct chat, the other person's
 * need no address: it may be the phone number in one event and the hidden id in the next.
 */
export function personKey(
  chat: Party | undefined,
  direction: 'inbound' | 'outbound' | undefined,
  person: Party | undefined,
): string {
  if (direction === 'outbound') return 'me';
  if (chat?.kind === 'user') return 'peer';
  return person?.id ?? '';
}

/** What the chat list shows of a chat, and what joins its two addresses. */
export function chatFacts(
  { meta, chat }: Subject,
  direction: 'inbound' | 'outbound' | undefined,
  name?: string,
): readonly Register[] {
  if (!chat) return [];
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
function aliasFacts(session: string, { id, lid }: Party): readonly Register[] {
  if (lid === undefined || lid === id) return [];
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
