import * as v from 'valibot';
import { type Ack, ackData, readAck } from '../ack.ts';
import { type Address, addressData, readAddress } from '../address.ts';
import type { KeyRule, WireContext } from '../kind.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { type MessageId, messageIdData, readMessageId } from '../message-id.ts';
import { own } from '../own.ts';
import { present } from '../present.ts';
import { wireAddress } from '../wire-value.ts';
import { partiesData } from './message-data.ts';
import { authorIn } from './message-key.ts';
import { readParties } from './parties.ts';
import { wireMessageFields } from './wire-message.ts';

/** WAHA's acknowledgement, which on WEBJS is a whole message; `chatId` is Wawp's. */
export const wireAcknowledgement = lazySchema(() =>
  v.object({ ...wireMessageFields, chatId: wireAddress }),
);

/** How far a message has come, and with whom. */
export const acknowledgementData = lazySchema(() =>
  v.object({
    messageId: v.optional(messageIdData()),
    chat: partiesData().chat,
    direction: v.optional(v.picklist(['inbound', 'outbound'])),
    recipient: v.optional(addressData()),
    ack: v.optional(ackData()),
  }),
);

type Acknowledgement = OutputOf<typeof acknowledgementData>;

/** The level from which an acknowledgement in a direct chat is the other person's own. */
const DEVICE = 2;

type WireAcknowledgement = OutputOf<typeof wireAcknowledgement>;

/** Reads an acknowledgement. The payload has no time of its own: WEBJS repeats the message's. */
export function readAcknowledgement(
  wire: WireAcknowledgement,
  context: WireContext,
): Acknowledgement {
  const fromMe = readMessageId(wire.id)?.fromMe ?? wire.fromMe;
  const { messageId, chat: named, direction } = readParties({ ...wire, fromMe }, context);
  const chat = named ?? readAddress(wire.chatId);
  const ack = readLevel(wire);
  const isPersonal = ack.level === undefined || ack.level >= DEVICE;
  return present({
    messageId,
    chat,
    direction,
    recipient:
      chat?.kind !== 'user'
        ? readGroupRecipient(wire, messageId, direction)
        : !isPersonal || direction === undefined
          ? undefined
          : direction === 'outbound'
            ? chat
            : context.me,
    ack,
  });
}

/**
 * On NOWEB a group acknowledgement is made of a receipt, and "delivered" is called `SERVER` (WAHA,
 * `convertMessageReceiptUpdateToMessageAck`). The receipt itself tells.
 */
function readLevel(wire: WireAcknowledgement): Ack {
  const ack = readAck(wire.ack, wire.ackName);
  const isDelivered = own(wire._data, 'receipt', 'receiptTimestamp') != null;
  return ack.name === 'server' && isDelivered ? { level: DEVICE, name: 'device' } : ack;
}

/** WPP and old versions of NOWEB name the message's author in place of the person who read it. */
function readGroupRecipient(
  wire: WireAcknowledgement,
  messageId: MessageId | undefined,
  direction: Acknowledgement['direction'],
): Address | undefined {
  const recipient = readAddress(
    wire.participant,
    own(wire._data, 'receipt', 'userJid'),
    own(wire._data, 'SenderAlt'),
    own(wire._data, 'key', 'participantAlt'),
  );
  const isAuthor = direction === 'outbound' && recipient?.id === messageId?.participant;
  return isAuthor ? undefined : recipient;
}

/**
 * One rule for both kinds of acknowledgement, so that they report one fact with one key. Levels up to 0 come
 * and go (ERROR, PENDING, ERROR), and a reader outside of direct chats who is not named may be anybody: the
 * sender's event id tells these apart.
 */
export const acknowledgementKey: KeyRule<Acknowledgement, unknown> = {
  name: 'message.ack',
  identify({ data }) {
    const { messageId, direction, chat, recipient, ack } = data;
    const isNamed = chat?.kind === 'user' || recipient !== undefined;
    if (!isNamed || ack?.level === undefined || ack.level <= 0) return undefined;
    return {
      parts: [messageId?.id, direction ?? 'unknown', ack.level],
      parties: [
        chat,
        authorIn(data, readAddress(messageId?.participant)),
        chat?.kind === 'user' ? undefined : recipient,
      ],
    };
  },
};
