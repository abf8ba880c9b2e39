import type { DataOf } from '../envelope.ts';
import type { CatalogKindDocs, FieldDocs } from '../kind-docs.ts';
import { ackFields } from '../parts.docs.ts';
import { partiesFields } from './message-data.docs.ts';

const acknowledgementFields: FieldDocs<DataOf<'message.ack'>> = {
  messageId: { description: 'The message that was acknowledged.', source: '`id`' },
  chat: partiesFields.chat,
  direction: {
    description:
      'Of the message: `outbound` where somebody received or read what this account wrote, `inbound` where this account read, on another device, what somebody wrote.',
    source: 'the message id, else `fromMe`',
  },
  recipient: {
    description: 'Who received, read or played it.',
    absent:
      'in direct chats below the level `device`; in groups on WPP and old versions of NOWEB, which do not say who',
    source: '`participant` in groups, else the chat',
  },
  ack: {
    description: 'Acknowledgement level of the message.',
    source: '`ack`, `ackName`',
    fields: {
      ...ackFields,
      error: {
        description: 'Why WhatsApp did not accept the message.',
        absent: 'unless the sender says it',
        source: '`error` and, on NOWEB, the parameters of the engine’s update',
        fields: {
          code: { description: 'WhatsApp’s code, such as 463: the account may not start chats.' },
          reason: { description: 'The sender’s word for it.' },
          until: { description: 'When the restriction ends.', unit: 'ISO-8601 UTC' },
        },
      },
    },
  },
  at: {
    description:
      'When it was received, read or played. After a reconnect that may be hours before the webhook.',
    unit: 'ISO-8601 UTC',
    absent: 'on WEBJS and WPP, and in direct chats on NOWEB, which do not say it',
    source: '`_data.Timestamp` on GOWS, `_data.receipt` on NOWEB',
  },
};

const ofAcknowledgement = {
  data: acknowledgementFields,
  key: 'Direction and bare id of the message, the level, the chat and, in groups, the author and the reader. Levels of 0 and below, a level that the sender does not say and a reader in a group who is not named are distinguished by the sender’s event id.',
};

/** The documentation of `message.ack`. */
export const messageAckDocs: CatalogKindDocs<'message.ack'> = {
  ...ofAcknowledgement,
  summary:
    'A message has come further: WhatsApp took it, or the other person received, read or played it.',
  variants: [
    'WEBJS: a full message, whose `timestamp` is the message’s, not the acknowledgement’s.',
    'NOWEB: no `to`, no `participant`; GOWS: both null in direct chats.',
    'GOWS: the level −1 is made of receipts with which a phone asks for a file to be sent again; it may have the message all the same.',
    'Before WAHA 2025.12.2 group acknowledgements came as this kind, since then as `message.ack.group`.',
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
export const messageAckGroupDocs: CatalogKindDocs<'message.ack.group'> = {
  ...ofAcknowledgement,
  summary: 'One person in a group received, read or played a message; one event for each person.',
  variants: [
    'As `message.ack`, with the person in `participant`.',
    'NOWEB: `ack` may be missing, which gives the name `unknown`.',
    'WEBJS: `fromMe` may be false beside an id that says true; the id is right.',
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
