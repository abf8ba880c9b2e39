import * as v from 'valibot';
import { type Ack, ackData, readAck } from '../ack.ts';
import { type Address, addressData, readAddress } from '../address.ts';
import type { KeyRule } from '../fact-key.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
import type { WireContext } from '../kind.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { completeFromMe } from '../me.ts';
import { type MessageId, messageIdData, readMessageId } from '../message-id.ts';
import { own, ownText, present, presentOrNone } from '../own.ts';
import { opaque, wireAddress } from '../wire-value.ts';
import { listOf, readCount } from './engines/raw-value.ts';
import { partiesData } from './message-data.ts';
import { authorIn } from './message-key.ts';
import { readParties } from './parties.ts';
import { wireMessageFields } from './wire-message.ts';

/** WAHA's acknowledgement, which on WEBJS is a full message; `chatId` is Wawp's. */
export const wireAcknowledgement = lazySchema(() =>
  v.object({ ...wireMessageFields, chatId: wireAddress, error: opaque, ackReason: opaque }),
);

/** How far a message has come, and why it came no further. */
const receiptData = lazySchema(() =>
  v.object({
    ...ackData().entries,
    error: v.optional(
      v.object({
        code: v.optional(v.string()),
        reason: v.optional(v.string()),
        until: v.optional(instant),
      }),
    ),
  }),
);

/** How far a message has come, and with whom. */
export const acknowledgementData = lazySchema(() =>
  v.object({
    messageId: v.optional(messageIdData()),
    chat: partiesData().chat,
    direction: v.optional(v.picklist(['inbound', 'outbound'])),
    recipient: v.optional(addressData()),
    ack: v.optional(receiptData()),
    at: v.optional(instant),
  }),
);

type Acknowledgement = OutputOf<typeof acknowledgementData>;

type Receipt = OutputOf<typeof receiptData>;

/** The level from which an acknowledgement in a direct chat is the other person's own. */
const device = 2;

type WireAcknowledgement = OutputOf<typeof wireAcknowledgement>;

/** Reads an acknowledgement. The time that WEBJS gives is the message's, so it is none of these. */
export function readAcknowledgement(
  wire: WireAcknowledgement,
  context: WireContext,
): Acknowledgement {
  const fromMe = readMessageId(wire.id)?.fromMe ?? wire.fromMe;
  const {
    messageId,
    chat: named,
    direction,
  } = readParties({ ...wire, fromMe }, context, {
    namesAuthor: false,
  });
  const chat = named ?? readAddress(wire.chatId);
  const ack = readLevel(wire);
  const isPersonal = ack.level === undefined || ack.level >= device;
  return present({
    messageId,
    chat,
    direction,
    recipient:
      chat?.kind !== 'user'
        ? completeFromMe(readGroupRecipient(wire, messageId, direction), context.me)
        : !isPersonal || direction === undefined
          ? undefined
          : direction === 'outbound'
            ? chat
            : context.me,
    ack: present({ ...ack, error: readError(wire, ack) }),
    at: readTime(wire._data, ack),
  });
}

/** When the receipt was made: whatsmeow's `Receipt`, or the one of Baileys for this level. */
function readTime(raw: unknown, { name }: Ack): string | undefined {
  const receipt = own(raw, 'receipt');
  const times = receiptTimes.get(name)?.map((field) => toInstant(readCount(own(receipt, field))));
  return toInstant(own(raw, 'Timestamp')) ?? times?.find((time) => time !== undefined);
}

/** Where Baileys has the time of a level. A receipt may have those of lower levels too. */
const receiptTimes: ReadonlyMap<Ack['name'], readonly string[]> = new Map([
  ['device', ['receiptTimestamp']],
  ['read', ['readTimestamp']],
  ['played', ['playedTimestamp', 'readTimestamp']],
]);

/** Why a message was not taken: NOWEB's `error`, else the parameters that Baileys has of it. */
function readError(wire: WireAcknowledgement, { name }: Ack): Receipt['error'] {
  const { error, ackReason } = wire;
  const [parameter] = listOf(
    own(wire._data, 'messageStubParameters') ?? own(wire._data, 'update', 'messageStubParameters'),
  );
  const code = own(error, 'code') ?? (name === 'error' ? parameter : undefined);
  return presentOrNone({
    code: typeof code === 'number' ? String(code) : ownText({ code }, 'code'),
    reason: ownText(error, 'reason') ?? ownText({ ackReason }, 'ackReason'),
    until: toInstant(own(error, 'until')),
  });
}

/**
 * On NOWEB a group acknowledgement is made of a receipt, and "delivered" is called `SERVER` (WAHA,
 * `convertMessageReceiptUpdateToMessageAck`). The receipt itself has the level.
 */
function readLevel(wire: WireAcknowledgement): Ack {
  const ack = readAck(wire.ack, wire.ackName);
  const isDelivered = own(wire._data, 'receipt', 'receiptTimestamp') != null;
  return ack.name === 'server' && isDelivered ? { level: device, name: 'device' } : ack;
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
 * and go (ERROR, PENDING, ERROR), and a reader outside of direct chats who is not named is unknown: the
 * sender's event id distinguishes these.
 */
export const acknowledgementKey: KeyRule<Acknowledgement, unknown> = {
  name: 'message.ack',
  identify({ data }) {
    const { messageId, direction, chat, recipient, ack } = data;
    const isNamed = chat?.kind === 'user' || recipient !== undefined;
    if (!isNamed || ack?.level === undefined || ack.level <= 0) {
      return undefined;
    }
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
