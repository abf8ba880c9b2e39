import { type AnyKind, kind } from '../kind.ts';
import { messageData } from '../message/message-data.ts';
import { messageKeyParts } from '../message/message-key.ts';
import {
  acknowledgementData,
  acknowledgementKey,
  readAcknowledgement,
  wireAcknowledgement,
} from '../message/read-acknowledgement.ts';
import { editData, readEdit, wireEdit } from '../message/read-edit.ts';
import { readMessage } from '../message/read-message.ts';
import { reactionData, readReaction, wireReaction } from '../message/read-reaction.ts';
import { readRevocation, revocationData, wireRevocation } from '../message/read-revocation.ts';
import { wireMessage } from '../message/wire-message.ts';

/** `outbound` is what this account did. */
const isOutbound = (data: { readonly direction?: 'inbound' | 'outbound' }) =>
  data.direction && data.direction === 'outbound';

const ofMessage = {
  payload: wireMessage,
  data: messageData,
  read: readMessage,
  variants: [
    'NOWEB and GOWS: `from` is always the chat; `to` and `participant` are null or missing in direct chats.',
    'WEBJS and WPP: `from` is the author, `to` the receiver; the text of a location is a thumbnail.',
    'Channels: `ack` is null, `ackName` is `UNKNOWN`.',
    'Wawp: `vCards` is an object with the keys "0", "1", …',
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

const inboundText = {
  id: 'false_12025550142@c.us_3EB0C8A41F5D7E9B20A1',
  timestamp: 1767268800,
  from: '12025550142@c.us',
  fromMe: false,
  source: 'app',
  to: null,
  participant: null,
  body: 'Is the blue one still in stock?',
  hasMedia: false,
  media: null,
  ack: 2,
  ackName: 'DEVICE',
  location: null,
  vCards: null,
  replyTo: null,
  _data: {
    Info: {
      Chat: '206158430200142@lid',
      Sender: '206158430200142@lid',
      SenderAlt: '12025550142:3@s.whatsapp.net',
      IsFromMe: false,
      IsGroup: false,
      ID: '3EB0C8A41F5D7E9B20A1',
      Type: 'text',
      PushName: 'Noor',
      Timestamp: '2026-01-01T12:00:00Z',
    },
    Message: { conversation: 'Is the blue one still in stock?' },
  },
};

const wawpVoiceNote = {
  id: 'false_447700900123@c.us_3A7C19E0B4D2586F1C03',
  timestamp: 1767268860,
  from: '447700900123@c.us',
  fromMe: false,
  source: 'app',
  to: '447700900100@c.us',
  participant: null,
  body: 'Listen to this',
  hasMedia: true,
  media: {
    url: 'https://api.wawp.net/api/files/default/3A7C19E0B4D2586F1C03.oga',
    mimetype: 'audio/ogg; codecs=opus',
    filename: null,
    s3: { Bucket: 'shop-media', Key: 'default/3A7C19E0B4D2586F1C03.oga' },
    error: null,
  },
  ack: 1,
  ackName: 'SERVER',
  location: { description: 'Harbour', latitude: '51.5033', longitude: '0.0754' },
  vCards: { '0': 'BEGIN:VCARD\nVERSION:3.0\nFN:Harbour Office\nTEL:+442079460018\nEND:VCARD' },
  _data: {},
  replyTo: {
    id: '3EB07F22D1C94AE06B58',
    participant: '447700900100@c.us',
    body: 'How does it sound?',
    _data: {},
  },
};

const ownReply = {
  id: 'true_120363020000000042@g.us_3EB0A94D06C2F17E8B35_447700900100@c.us',
  timestamp: 1767268920,
  from: '120363020000000042@g.us',
  fromMe: true,
  source: 'api',
  to: '120363020000000042@g.us',
  participant: '447700900100@c.us',
  body: 'We open at nine tomorrow.',
  hasMedia: false,
  ack: 1,
  ackName: 'SERVER',
  replyTo: null,
  _data: {
    key: {
      remoteJid: '120363020000000042@g.us',
      fromMe: true,
      id: '3EB0A94D06C2F17E8B35',
      participant: '118832900000100@lid',
      participantAlt: '447700900100:12@s.whatsapp.net',
      addressingMode: 'lid',
    },
    messageTimestamp: '1767268920',
    pushName: 'Corner Shop',
    status: 2,
  },
};

const waiting = {
  id: 'false_12025550142@c.us_3EB0D1E5520C7B96A4F8',
  timestamp: 1767268980,
  from: '12025550142@c.us',
  fromMe: false,
  to: '447700900100@c.us',
  hasMedia: false,
  ack: 0,
  ackName: 'PENDING',
  vCards: [],
  _data: { notifyName: 'Noor', type: 'ciphertext' },
};

/** Messages and what becomes of them. */
export const messages = {
  message: kind({
    ...ofMessage,
    summary:
      'Somebody wrote to this account, in a direct chat, a group, a channel or the status feed.',
    key: messageKey,
    examples: {
      waha: { engine: 'GOWS', payload: inboundText },
      wawp: { engine: 'WEBJS', payload: wawpVoiceNote },
    },
  }),
  'message.any': kind({
    ...ofMessage,
    summary: 'Any message came into being, including the ones that this account wrote itself.',
    key: messageKey,
    examples: {
      waha: { engine: 'NOWEB', payload: ownReply },
      wawp: { engine: 'NOWEB', payload: ownReply },
    },
  }),
  'message.waiting': kind({
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
  }),
  'message.reaction': kind({
    summary: 'Somebody reacted to a message with an emoji, or took the reaction back.',
    variants: [
      'WEBJS: `timestamp` has a fraction; `from` and `participant` are both the author.',
      'WPP: `from` may be empty, `source` is null.',
      'Wawp: `reaction` is the emoji itself, beside `messageId` and `senderId`.',
    ],
    payload: wireReaction,
    data: reactionData,
    read: readReaction,
    key: {
      name: 'message.reaction',
      rule: 'Direction and bare id of the reaction, and the chat unless it is a direct one.',
      parts: ({ data }) =>
        data.messageId?.id === data.target?.id ? undefined : messageKeyParts(data),
    },
    chat: (data) => data.chat,
    fromMe: isOutbound,
    occurredAt: (data) => data.reactedAt,
    examples: {
      waha: {
        engine: 'WEBJS',
        payload: {
          id: 'false_12025550142@c.us_3EB0F6B8D7A31C94E250',
          timestamp: 1767269040.518,
          from: '12025550142@c.us',
          fromMe: false,
          source: 'app',
          participant: '12025550142@c.us',
          to: '12025550142@c.us',
          reaction: { text: '👍', messageId: 'true_12025550142@c.us_3EB0A94D06C2F17E8B35' },
        },
      },
      wawp: {
        engine: 'WEBJS',
        payload: {
          id: 'false_447700900123@c.us_3A2D60F4B19C7785E0AB',
          reaction: '🎉',
          senderId: '447700900123@c.us',
          messageId: 'true_447700900123@c.us_3EB07F22D1C94AE06B58',
        },
      },
    },
  }),
  'message.ack': kind({
    summary:
      'A message has come further: WhatsApp took it, or the other person received, read or played it.',
    variants: [
      'WEBJS: a whole message, whose `timestamp` is the message’s, not the acknowledgement’s.',
      'NOWEB: no `to`, no `participant`; GOWS: both null in direct chats.',
      'Before WAHA 2025.12.2 group acknowledgements came as this kind, since then as `message.ack.group`.',
      'Wawp: `id`, `ack`, `ackName` and `chatId`.',
    ],
    payload: wireAcknowledgement,
    data: acknowledgementData,
    read: readAcknowledgement,
    key: acknowledgementKey,
    chat: (data) => data.chat,
    fromMe: isOutbound,
    examples: {
      waha: {
        engine: 'GOWS',
        payload: {
          id: 'true_12025550142@c.us_3EB0A94D06C2F17E8B36',
          from: '12025550142@c.us',
          to: null,
          participant: null,
          fromMe: true,
          ack: 3,
          ackName: 'READ',
          _data: { Chat: '12025550142@s.whatsapp.net', Type: 'read' },
        },
      },
      wawp: {
        engine: 'WEBJS',
        payload: {
          id: 'true_447700900123@c.us_3EB07F22D1C94AE06B58',
          ack: 2,
          ackName: 'DEVICE',
          chatId: '447700900123@c.us',
        },
      },
    },
  }),
  'message.ack.group': kind({
    summary: 'One person in a group received, read or played a message; one event for each person.',
    variants: [
      'As `message.ack`, with the person in `participant`.',
      'NOWEB: `ack` may be missing, which gives the name `unknown`.',
      'WEBJS: `fromMe` may be false beside an id that says true; the id is right.',
    ],
    payload: wireAcknowledgement,
    data: acknowledgementData,
    read: readAcknowledgement,
    key: acknowledgementKey,
    chat: (data) => data.chat,
    fromMe: isOutbound,
    examples: {
      waha: {
        engine: 'NOWEB',
        payload: {
          id: 'true_120363020000000042@g.us_3EB0A94D06C2F17E8B35_118832900000100@lid',
          from: '120363020000000042@g.us',
          to: '120363020000000042@g.us',
          participant: '206158430200142@lid',
          fromMe: true,
          ack: 3,
          ackName: 'READ',
          _data: {},
        },
      },
      wawp: {
        engine: 'NOWEB',
        payload: {
          id: 'true_120363020000000042@g.us_3EB0A94D06C2F17E8B35_118832900000100@lid',
          from: '120363020000000042@g.us',
          participant: '447700900123@c.us',
          fromMe: true,
          ack: 2,
          ackName: 'DEVICE',
        },
      },
    },
  }),
  'message.revoked': kind({
    summary: 'A message was deleted for everyone.',
    variants: [
      'NOWEB and GOWS: `before` is always null; `after` is the deletion.',
      'WEBJS: `before` may be the message as it was; `after.id` may be the deleted message’s own id.',
      'WPP: `before` and `after` are keys, `{fromMe, id, remoteJid, participant}`.',
      'Wawp: `id` of the deleted message and `revokedBy`.',
    ],
    payload: wireRevocation,
    data: revocationData,
    read: readRevocation,
    key: {
      name: 'message.revoked',
      rule: 'Bare id of the deleted message, and the chat unless it is a direct one: a message is deleted once.',
      parts: ({ data: { revokedMessageId, chat } }) => [
        revokedMessageId,
        chat && chat.kind !== 'user' ? chat.id : 'direct',
      ],
    },
    chat: (data) => data.chat,
    fromMe: isOutbound,
    occurredAt: (data) => data.revokedAt,
    examples: {
      waha: {
        engine: 'NOWEB',
        payload: {
          after: {
            id: 'false_12025550142@c.us_3EB02B7E914DC5A0F863',
            timestamp: 1767269100,
            from: '12025550142@c.us',
            fromMe: false,
            source: 'app',
            body: null,
            hasMedia: false,
            _data: {},
          },
          before: null,
          revokedMessageId: '3EB0C8A41F5D7E9B20A1',
        },
      },
      wawp: {
        engine: 'WEBJS',
        payload: {
          id: 'false_447700900123@c.us_3A7C19E0B4D2586F1C03',
          revokedBy: '447700900123@c.us',
        },
      },
    },
  }),
  'message.edited': kind({
    summary: 'The text of a message was changed.',
    variants: [
      'NOWEB, GOWS and mostly WPP: `id` is the change’s own; WEBJS: `id` is the changed message’s on every change.',
      'Wawp: `id`, `newBody` and `prevBody`.',
    ],
    payload: wireEdit,
    data: editData,
    read: readEdit,
    key: {
      name: 'message.edited',
      rule: 'Bare id of the changed message and of the change. Without an id of its own: the time of the change, else the sender’s event id.',
      parts: ({ data: { editedMessageId, messageId, editedAt } }) => [
        editedMessageId,
        messageId?.id ?? editedAt,
      ],
    },
    chat: (data) => data.chat,
    fromMe: isOutbound,
    occurredAt: (data) => data.editedAt,
    examples: {
      waha: {
        engine: 'GOWS',
        payload: {
          id: 'false_12025550142@c.us_3EB04C1A7FD2E8935B60',
          timestamp: 1767269160,
          from: '12025550142@c.us',
          fromMe: false,
          source: 'app',
          to: null,
          participant: null,
          body: 'Is the green one still in stock?',
          hasMedia: false,
          editedMessageId: '3EB0C8A41F5D7E9B20A1',
          _data: {},
        },
      },
      wawp: {
        engine: 'WEBJS',
        payload: {
          id: 'false_447700900123@c.us_3A51E7C2088B4D6F93AE',
          newBody: 'See you at eight',
          prevBody: 'See you at seven',
        },
      },
    },
  }),
} as const satisfies Record<string, AnyKind>;
