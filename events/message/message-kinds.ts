import { kind } from '../kind.ts';
import { isOutbound } from './is-outbound.ts';
import { messageData } from './message-data.ts';
import { inboundText, ownReply, waiting, wawpVoiceNote } from './message-examples.ts';
import { messageKeyParts } from './message-key.ts';
import { readMessage } from './read-message.ts';
import { wireMessage } from './wire-message.ts';

const ofMessage = {
  payload: wireMessage,
  data: messageData,
  read: readMessage,
  variants: [
    'NOWEB and GOWS: `from` is always the chat; `to` and `participant` are null or missing in direct chats.',
    'WEBJS and WPP: `from` is the author, `to` the receiver; the text of a location is a thumbnail.',
    'Channels: `ack` is null, `ackName` is `UNKNOWN`.',
    'Wawp: `vCards` is an object with the keys "0", "1" and so on.',
  ],
  chat: (data) => data.chat,
  fromMe: isOutbound,
  occurredAt: (data) => data.sentAt,
} satisfies Partial<Parameters<typeof kind<typeof wireMessage, typeof messageData>>[0]>;

/** `message` and `message.any` tell the same of an inbound message, so they share this rule. */
const messageKey = {
  name: 'message',
  rule: 'Direction and bare id of the message, and the chat unless it is a direct one. Equal for `message` and `message.any`, and for the copies by phone number and by hidden id.',
  parts: ({ data }: { data: Parameters<typeof messageKeyParts>[0] }) => messageKeyParts(data),
};

/** Somebody wrote to this account. */
export const message = kind({
  ...ofMessage,
  summary:
    'Somebody wrote to this account, in a direct chat, a group, a channel or the status feed.',
  key: messageKey,
  examples: {
    waha: { engine: 'GOWS', payload: inboundText },
    wawp: { engine: 'WEBJS', payload: wawpVoiceNote },
  },
});

/** Anybody wrote anything. */
export const messageAny = kind({
  ...ofMessage,
  summary: 'Any message came into being, including the ones that this account wrote itself.',
  key: messageKey,
  examples: {
    waha: { engine: 'NOWEB', payload: ownReply },
    wawp: { engine: 'NOWEB', payload: ownReply },
  },
});

/** A message that cannot be read yet. */
export const messageWaiting = kind({
  ...ofMessage,
  summary:
    'A message has come that cannot be decrypted yet; a `message` with its content follows (WEBJS only).',
  key: {
    ...messageKey,
    name: 'message.waiting',
    rule: 'As `message`, but apart from it, because the message that follows brings the content.',
  },
  examples: {
    waha: { engine: 'WEBJS', payload: waiting },
    wawp: { engine: 'WEBJS', payload: waiting },
  },
});
