import type { DataOf } from '../envelope.ts';
import type { CatalogEventTypeDocs, FieldDocs } from '../event-type-docs.ts';
import { ackFields } from '../parts.docs.ts';
import { messageFields, partiesFields } from './message-data.docs.ts';

/** A text in a direct chat, as GOWS sends it. */
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

/** A message with all fields that Wawp documents. */
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

/** An echo of a call of WAHA's API, in a group. */
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

/** A message that WEBJS cannot decrypt yet. */
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

const ofMessage = {
  data: messageFields,
  variants: [
    'NOWEB and GOWS: `from` is always the chat; `to` and `participant` are null or missing in direct chats.',
    'WEBJS and WPP: `from` is the author, `to` the receiver; the body of a location is a thumbnail.',
    'In channels `ack` is null and `ackName` is `UNKNOWN`.',
    'Wawp: `vCards` is an object with the keys "0", "1" and so on.',
  ],
};

const messageKey =
  'Direction and bare id of the message, the chat, and the author unless the chat identifies the author. It is the same for `message` and `message.any`, and for webhooks that name a person by phone number or by hidden id.';

/** The documentation of `message`. */
export const messageDocs: CatalogEventTypeDocs<'message'> = {
  ...ofMessage,
  summary: 'A message to this account, in a direct chat, a group, a channel or the status feed.',
  key: messageKey,
  examples: {
    waha: { engine: 'GOWS', payload: inboundText },
    wawp: { engine: 'WEBJS', payload: wawpVoiceNote },
  },
};

/** The documentation of `message.any`. */
export const messageAnyDocs: CatalogEventTypeDocs<'message.any'> = {
  ...ofMessage,
  summary: 'This account sent or received a message, on any of its devices.',
  key: messageKey,
  examples: {
    waha: { engine: 'NOWEB', payload: ownReply },
    wawp: { engine: 'NOWEB', payload: ownReply },
  },
};

/** The documentation of `message.waiting`. */
export const messageWaitingDocs: CatalogEventTypeDocs<'message.waiting'> = {
  ...ofMessage,
  summary:
    'A message was received that cannot be decrypted yet; a `message` with its content follows (WEBJS only).',
  key: 'As for `message`, but different from it, because the message that follows has the content.',
  examples: {
    waha: { engine: 'WEBJS', payload: waiting },
    wawp: { engine: 'WEBJS', payload: waiting },
  },
};

const acknowledgementFields: FieldDocs<DataOf<'message.ack'>> = {
  messageId: { description: 'The message that was acknowledged.', source: '`id`' },
  chat: partiesFields.chat,
  direction: {
    description:
      'Direction of the message. `outbound`: another person received or read a message of this account. `inbound`: this account read a message on another device.',
    source: 'the message id, else `fromMe`',
  },
  recipient: {
    description: 'The person who received, read or played it.',
    absent:
      'in direct chats below the level `device`; in groups on WPP and old versions of NOWEB, which do not report the person',
    source: '`participant` in groups, else the chat',
  },
  ack: {
    description: 'Acknowledgement level of the message.',
    source: '`ack`, `ackName`',
    fields: {
      ...ackFields,
      error: {
        description: 'Why WhatsApp did not accept the message.',
        absent: 'unless the sender reports it',
        source: '`error` and, on NOWEB, the parameters of the engine’s update',
        fields: {
          code: {
            description: 'WhatsApp’s error code, for example 463: the account may not start chats.',
          },
          reason: { description: 'The sender’s text for the error.' },
          until: { description: 'When the restriction ends.', unit: 'ISO-8601 UTC' },
        },
      },
    },
  },
  at: {
    description:
      'When it was received, read or played; after a reconnect this can be hours before the webhook.',
    unit: 'ISO-8601 UTC',
    absent: 'on WEBJS and WPP, and in direct chats on NOWEB, which do not report it',
    source: '`_data.Timestamp` on GOWS, `_data.receipt` on NOWEB',
  },
};

const ofAcknowledgement = {
  data: acknowledgementFields,
  key: 'Direction and bare id of the message, the level, the chat and, in groups, the author and the reader. Events with a level of 0 or less, without a level, or in a group without a reader are identified by the sender’s event id.',
};

/** The documentation of `message.ack`. */
export const messageAckDocs: CatalogEventTypeDocs<'message.ack'> = {
  ...ofAcknowledgement,
  summary:
    'The acknowledgement level of a message changed: WhatsApp received it, or the other person received, read or played it.',
  variants: [
    'WEBJS: a full message, whose `timestamp` is the message’s, not the acknowledgement’s.',
    'NOWEB: no `to`, no `participant`; GOWS: both null in direct chats.',
    'GOWS: the level −1 comes from receipts with which a phone requests a file again; the phone may have received the message.',
    'Before WAHA 2025.12.2 acknowledgements of groups had this event type; since then they have `message.ack.group`.',
    'Wawp: `id`, `ack`, `ackName` and `chatId`.',
  ],
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
        _data: {
          Chat: '12025550142@s.whatsapp.net',
          Timestamp: '2026-01-01T11:58:20Z',
          Type: 'read',
        },
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
};

/** The documentation of `message.ack.group`. */
export const messageAckGroupDocs: CatalogEventTypeDocs<'message.ack.group'> = {
  ...ofAcknowledgement,
  summary: 'One person in a group received, read or played a message; one event for each person.',
  variants: [
    'Like `message.ack`, with the person in `participant`.',
    'NOWEB: `ack` may be missing; the name is `unknown` then.',
    'WEBJS: `fromMe` may be false although the id contains true; the id is right.',
  ],
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
};
