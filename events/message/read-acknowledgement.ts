import * as v from 'valibot';
import { ackData, readAck } from '../ack.ts';
import { type Address, addressData, readAddress } from '../address.ts';
import { field } from '../data-field.ts';
import type { KeyRule, WireContext } from '../kind.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { messageIdData, readMessageId } from '../message-id.ts';
import { present } from '../present.ts';
import { wireAddress } from '../wire-value.ts';
import { partiesData } from './message-data.ts';
import { messageKeyParts } from './message-key.ts';
import { type Parties, readParties } from './parties.ts';
import { wireMessageFields } from './wire-message.ts';

/** WAHA's acknowledgement, which on WEBJS is a whole message; `chatId` is Wawp's. */
export const wireAcknowledgement = lazySchema(() =>
  v.object({ ...wireMessageFields, chatId: wireAddress }),
);

/** How far a message has come, and with whom. */
export const acknowledgementData = lazySchema(() =>
  v.object({
    messageId: field(messageIdData(), 'The message that has come further.', { source: '`id`' }),
    chat: partiesData().chat,
    direction: field(
      v.picklist(['inbound', 'outbound']),
      'Of the message: `outbound` where somebody received or read what this account wrote, `inbound` where this account read, on another device, what somebody wrote.',
      { source: 'the message id, else `fromMe`' },
    ),
    recipient: field(addressData(), 'Who received, read or played it.', {
      absent:
        'below the level `device`, and for groups on WPP and on old versions, which do not say who',
      source: '`participant` in groups, else the chat',
    }),
    ack: field(ackData(), 'How far the message has come.', { source: '`ack`, `ackName`' }),
  }),
);

type Acknowledgement = OutputOf<typeof acknowledgementData>;

/** The level from which an acknowledgement is somebody's own. */
const DEVICE = 2;

/** Reads an acknowledgement. The payload has no time of its own: WEBJS repeats the message's. */
export function readAcknowledgement(
  wire: OutputOf<typeof wireAcknowledgement>,
  context: WireContext,
): Acknowledgement {
  const fromMe = readMessageId(wire.id)?.fromMe ?? wire.fromMe;
  const parties = readParties({ ...wire, fromMe }, context);
  const chat = parties.chat ?? readAddress(wire.chatId);
  const ack = readAck(wire.ack, wire.ackName);
  return present({
    messageId: parties.messageId,
    chat,
    direction: parties.direction,
    recipient:
      ack.level === undefined || ack.level >= DEVICE
        ? readRecipient({ ...parties, chat }, readAddress(wire.participant), context)
        : undefined,
    ack,
  });
}

function readRecipient(
  { chat, direction }: Parties,
  participant: Address | undefined,
  { engine, me }: WireContext,
): Address | undefined {
  if (chat === undefined) return undefined;
  if (chat.kind !== 'user') return engine === 'WPP' ? undefined : participant;
  if (direction === undefined) return undefined;
  return direction === 'outbound' ? chat : me;
}

/** One rule for both kinds of acknowledgement, so that they tell one fact with one key. */
export const acknowledgementKey: KeyRule<Acknowledgement, unknown> = {
  name: 'message.ack',
  rule: 'The message, the level and, in groups, the person. A level that the sender does not say is told apart by the sender’s event id.',
  parts: ({ data }) => [
    ...messageKeyParts(data),
    data.ack?.level,
    data.chat?.kind === 'user' ? 'direct' : (data.recipient?.id ?? 'nobody'),
  ],
};
