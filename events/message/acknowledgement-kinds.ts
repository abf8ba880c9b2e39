import { kind } from '../kind.ts';
import { isOutbound } from './is-outbound.ts';
import {
  acknowledgementData,
  acknowledgementKey,
  readAcknowledgement,
  wireAcknowledgement,
} from './read-acknowledgement.ts';

/** In direct chats, and before WAHA 2025.12.2 in groups too. */
export const messageAck = kind({
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
});

/** In groups. */
export const messageAckGroup = kind({
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
});
