import { kind } from '../kind.ts';
import { isOutbound } from './is-outbound.ts';
import { messageKeyParts } from './message-key.ts';
import { editData, readEdit, wireEdit } from './read-edit.ts';
import { reactionData, readReaction, wireReaction } from './read-reaction.ts';
import { readRevocation, revocationData, wireRevocation } from './read-revocation.ts';

/** Emoji. */
export const messageReaction = kind({
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
});

/** Deleted for everyone. */
export const messageRevoked = kind({
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
});

/** Changed. */
export const messageEdited = kind({
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
});
