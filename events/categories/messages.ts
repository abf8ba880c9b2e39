import { type AnyEventType, defineEventType } from '../event-type.ts';
import { readEngine } from '../message/engines/read-engine.ts';
import { messageData } from '../message/message-data.ts';
import { authorIn, messageIdentity, ofSomeMessage } from '../message/message-key.ts';
import { isOutbound } from '../message/parties.ts';
import {
  acknowledgementData,
  acknowledgementKey,
  readAcknowledgement,
  wireAcknowledgement,
} from '../message/read-acknowledgement.ts';
import {
  editData,
  reactionData,
  readEdit,
  readReaction,
  readRevocation,
  revocationData,
  wireEdit,
  wireReaction,
  wireRevocation,
} from '../message/read-changes.ts';
import { readMessage } from '../message/read-message.ts';
import { wireMessage } from '../message/wire-message.ts';

const ofMessage = {
  payload: wireMessage,
  data: messageData,
  read: readMessage,
  chat: (data) => data.chat,
  fromMe: isOutbound,
  ...ofSomeMessage,
  findUnknown: ({ data, payload }, { engine }) => {
    if (data.content !== 'other') {
      return undefined;
    }
    const { unknown } = readEngine(payload._data, engine, payload.hasMedia === true);
    return unknown && `_data.${unknown}`;
  },
  occurredAt: (data) => data.sentAt,
} satisfies Partial<Parameters<typeof defineEventType<typeof wireMessage, typeof messageData>>[0]>;

/** `message` and `message.any` report the same inbound message, so they share this key rule. */
const messageKey = {
  name: 'message',
  identify: ({ data }: { data: Parameters<typeof messageIdentity>[0] }) => messageIdentity(data),
};

/** `message`: an inbound message. */
const message = defineEventType({
  ...ofMessage,
  key: messageKey,
});

/** `message.any`: an inbound or outbound message. */
const messageAny = defineEventType({
  ...ofMessage,
  key: messageKey,
});

/** `message.waiting`: a message that the sender cannot decrypt yet. */
const messageWaiting = defineEventType({
  ...ofMessage,
  read(wire, context) {
    const message = readMessage(wire, context);
    if (message.content !== 'other') {
      return message;
    }
    return { ...message, content: 'unavailable' as const, unavailable: 'undecryptable' as const };
  },
  key: {
    ...messageKey,
    name: 'message.waiting',
  },
});

const ofAcknowledgement = {
  payload: wireAcknowledgement,
  data: acknowledgementData,
  read: readAcknowledgement,
  key: acknowledgementKey,
  chat: (data) => data.chat,
  fromMe: isOutbound,
  ...ofSomeMessage,
  occurredAt: (data) => data.at,
} satisfies Parameters<
  typeof defineEventType<typeof wireAcknowledgement, typeof acknowledgementData>
>[0];

/** `message.ack`: an acknowledgement in a direct chat; before WAHA 2025.12.2 in groups too. */
const messageAck = defineEventType(ofAcknowledgement);

/** `message.ack.group`: an acknowledgement in a group. */
const messageAckGroup = defineEventType(ofAcknowledgement);

/** `message.reaction`: an emoji reaction. */
const messageReaction = defineEventType({
  payload: wireReaction,
  data: reactionData,
  read: readReaction,
  key: {
    name: 'message.reaction',
    // WEBJS and WPP may repeat the target's id, which is not the reaction's own id.
    identify: ({ data }) =>
      data.messageId?.id === data.target?.id ? undefined : messageIdentity(data),
  },
  chat: (data) => data.chat,
  fromMe: isOutbound,
  ...ofSomeMessage,
  occurredAt: (data) => data.reactedAt,
});

/** `message.revoked`: a message was deleted for everyone. */
const messageRevoked = defineEventType({
  payload: wireRevocation,
  data: revocationData,
  read: readRevocation,
  key: {
    name: 'message.revoked',
    identify: ({ data }) => ({
      parts: [data.revokedMessageId, data.direction ?? 'unknown'],
      parties: [data.chat, authorIn(data, data.revokedBy)],
    }),
  },
  chat: (data) => data.chat,
  fromMe: isOutbound,
  isIdentified: (data, payload) =>
    data.revokedMessageId !== undefined || ofSomeMessage.isIdentified(data, payload),
  about: ofSomeMessage.about,
  occurredAt: (data) => data.revokedAt,
});

/** `message.edited`: the text of a message was changed. */
const messageEdited = defineEventType({
  payload: wireEdit,
  data: editData,
  read: readEdit,
  key: {
    name: 'message.edited',
    identify: ({ data }) => ({
      parts: [
        data.editedMessageId,
        data.messageId?.id ?? data.editedAt,
        data.direction ?? 'unknown',
      ],
      parties: [data.chat, authorIn(data, data.author)],
    }),
  },
  chat: (data) => data.chat,
  fromMe: isOutbound,
  isIdentified: (data, payload) =>
    data.editedMessageId !== undefined || ofSomeMessage.isIdentified(data, payload),
  about: ofSomeMessage.about,
  occurredAt: (data) => data.editedAt,
});

/** Messages, and their acks, reactions, revocations and edits. */
export const messages = {
  message,
  'message.any': messageAny,
  'message.waiting': messageWaiting,
  'message.reaction': messageReaction,
  'message.ack': messageAck,
  'message.ack.group': messageAckGroup,
  'message.revoked': messageRevoked,
  'message.edited': messageEdited,
} as const satisfies Record<string, AnyEventType>;
