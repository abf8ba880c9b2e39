import type * as v from 'valibot';
import { type Address, complete, isSame, readAddress } from '../address.ts';
import type { WireContext } from '../event-type.ts';
import { type MessageId, readMessageId } from '../message-id.ts';
import { own } from '../own.ts';
import type { wireMessageHead } from './wire-message.ts';

/** The head of a message on the wire; see `wireMessageHead`. */
export type WireHead = {
  readonly [K in keyof typeof wireMessageHead]?: v.InferOutput<(typeof wireMessageHead)[K]>;
};

/** The parties of a message: chat, author, direction. */
export interface Parties {
  readonly messageId?: MessageId;
  readonly chat?: Address;
  readonly author?: Address;
  readonly direction?: 'inbound' | 'outbound';
}

/**
 * Engines whose `from` is always the chat, even for this account's own messages (WAHA,
 * `getFromToParticipant`).
 */
const fromIsChat: ReadonlySet<string | undefined> = new Set(['NOWEB', 'NOWEB_MOBILE', 'GOWS']);

/** How to interpret a head. */
export interface PartiesOptions {
  /**
   * Whether the person in the head is the author. Default: true. For a receipt that person is the reader, and
   * `fromMe` refers to the message.
   */
  readonly namesAuthor?: boolean;
}

/** Reads the parties, since engines use `from`, `to`, `participant` and `author` differently. */
export function readParties(
  head: WireHead,
  context: WireContext,
  { namesAuthor = true }: PartiesOptions = {},
): Parties {
  const messageId = readMessageId(head.remoteJid ? head : head.id);
  const printed = head.fromMe ?? messageId?.fromMe;
  // NOWEB writes `fromMe: false` for messages of this account's other devices in groups with hidden ids.
  const fromMe =
    namesAuthor && printed === false && isOwnAuthor(head, context, messageId) ? true : printed;
  const chat = readChat(head, context, messageId, fromMe);
  return {
    messageId,
    chat,
    author: readAuthor(head, context, messageId, chat, fromMe),
    direction: fromMe === undefined ? undefined : fromMe ? 'outbound' : 'inbound',
  };
}

/** Whether the author in the head is this account. In a chat with oneself there is no other author. */
function isOwnAuthor(
  head: WireHead,
  context: WireContext,
  messageId: MessageId | undefined,
): boolean {
  const { me } = context;
  if (!me) {
    return false;
  }
  const chat = readAddress(messageId?.chat, head.from);
  const named = chat?.kind === 'user' ? chat : readNamedAuthor(head, messageId);
  return isSame(named, me);
}

function readChat(
  head: WireHead,
  context: WireContext,
  messageId: MessageId | undefined,
  fromMe: boolean | undefined,
): Address | undefined {
  const otherSide =
    !fromIsChat.has(context.engine) && fromMe === true && head.to ? head.to : head.from;
  const isMe = (value: unknown) => isSame(readAddress(value), context.me);
  // Without `to`, the other side of an own message would be this account.
  const side =
    messageId?.chat !== undefined && isMe(otherSide) && !isMe(messageId.chat)
      ? undefined
      : otherSide;
  const chat = readAddress(messageId?.chat, side);
  if (chat?.kind !== 'user') {
    return chat;
  }
  const key = own(head._data, 'key');
  const info = own(head._data, 'Info') ?? head._data;
  const isFromMe = own(info, 'IsFromMe') ?? fromMe;
  return readAddress(
    messageId?.chat,
    side,
    own(key, 'remoteJid'),
    own(key, 'remoteJidAlt'),
    own(info, 'Chat'),
    ...(isFromMe === true
      ? [own(info, 'RecipientAlt')]
      : [own(key, 'senderPn'), own(key, 'senderLid'), own(info, 'Sender'), own(info, 'SenderAlt')]),
  );
}

function readAuthor(
  head: WireHead,
  context: WireContext,
  messageId: MessageId | undefined,
  chat: Address | undefined,
  fromMe: boolean | undefined,
): Address | undefined {
  if (chat?.kind === 'channel') {
    return undefined;
  }
  if (chat?.kind === 'user' && fromMe === false) {
    return chat;
  }
  const named = readNamedAuthor(head, messageId);
  if (fromMe !== true) {
    return named;
  }
  if (context.me) {
    return complete(context.me, named);
  }
  if (chat?.kind !== 'user') {
    return named;
  }
  const from = readAddress(head.from);
  return fromIsChat.has(context.engine) || isSame(from, chat) ? undefined : from;
}

/** The author in the payload, which groups and status messages have. */
function readNamedAuthor(head: WireHead, messageId: MessageId | undefined): Address | undefined {
  const key = own(head._data, 'key');
  const info = own(head._data, 'Info');
  return readAddress(
    head.participant,
    messageId?.participant,
    head.author,
    own(key, 'participant'),
    own(key, 'participantAlt'),
    own(key, 'participantPn'),
    own(key, 'participantLid'),
    own(info, 'Sender'),
    own(info, 'SenderAlt'),
  );
}

/** Whether this account did it. Undefined if that is unknown. */
export function isOutbound(data: {
  readonly direction?: 'inbound' | 'outbound';
}): boolean | undefined {
  return data.direction && data.direction === 'outbound';
}
