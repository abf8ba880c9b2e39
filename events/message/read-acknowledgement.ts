import * as v from 'valibot';
import { type Ack, ackData, readAck } from '../ack.ts';
import { type Address, addressData, isSame, readAddress } from '../address.ts';
import type { WireContext } from '../event-type.ts';
import type { KeyRule } from '../fact-key.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
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

/** The acknowledgement level of a message, and the error if it failed. */
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

/** An acknowledgement: the level of a message, and the person who received or read it. */
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

/** Reads an acknowledgement. The time in WEBJS's payload is that of the message, so it is not used. */
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
        ? completeFromMe(readGroupRecipient(wire, messageId, direction, context.me), context.me)
        : !isPersonal || direction === undefined
          ? undefined
          : direction === 'outbound'
            ? chat
            : context.me,
    ack: present({ ...ack, error: readError(wire, ack) }),
    at: readTime(wire._data, ack),
  });
}

/** Reads the time of the receipt: from whatsmeow's `Receipt`, or from Baileys' receipt for this level. */
function readTime(raw: unknown, { name }: Ack): string | undefined {
  const receipt = own(raw, 'receipt');
  const times = receiptTimes.get(name)?.map((field) => toInstant(readCount(own(receipt, field))));
  return toInstant(own(raw, 'Timestamp')) ?? times?.find((time) => time !== undefined);
}

/**
 * Fields of a Baileys receipt that contain the time of a level. A receipt may also have the times of lower
 * levels.
 */
const receiptTimes: ReadonlyMap<Ack['name'], readonly string[]> = new Map([
  ['device', ['receiptTimestamp']],
  ['read', ['readTimestamp']],
  ['played', ['playedTimestamp', 'readTimestamp']],
]);

/** Reads why WhatsApp did not accept a message: NOWEB's `error`, else Baileys' parameters. */
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
 * Reads the level. NOWEB derives a group acknowledgement from a receipt, and reports "delivered" as `SERVER`
 * (WAHA, `convertMessageReceiptUpdateToMessageAck`), so the level is read from the receipt.
 */
function readLevel(wire: WireAcknowledgement): Ack {
  const ack = readAck(wire.ack, wire.ackName);
  const isDelivered = own(wire._data, 'receipt', 'receiptTimestamp') != null;
  return ack.name === 'server' && isDelivered ? { level: device, name: 'device' } : ack;
}

/**
 * Reads the recipient in a group. WPP and old versions of NOWEB report the message's author instead, which is
 * ignored.
 */
function readGroupRecipient(
  wire: WireAcknowledgement,
  messageId: MessageId | undefined,
  direction: Acknowledgement['direction'],
  me: Address | undefined,
): Address | undefined {
  const recipient = readAddress(
    wire.participant,
    own(wire._data, 'receipt', 'userJid'),
    own(wire._data, 'SenderAlt'),
    own(wire._data, 'key', 'participantAlt'),
  );
  const isAuthor =
    direction === 'outbound' && (recipient?.id === messageId?.participant || isSame(recipient, me));
  return isAuthor ? undefined : recipient;
}

/**
 * One key rule for both event types, so that one fact has one key. Two cases have no identity of their own,
 * and use the sender's event id: levels up to 0, which may repeat (ERROR, PENDING, ERROR), and an unknown
 * reader outside of direct chats.
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
