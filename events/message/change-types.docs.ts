import type { CatalogEventTypeDocs } from '../event-type-docs.ts';
import { messageFields, partiesFields } from './message-data.docs.ts';

/** The documentation of `message.reaction`. */
export const messageReactionDocs: CatalogEventTypeDocs<'message.reaction'> = {
  summary: 'A person reacted to a message with an emoji, or removed the reaction.',
  variants: [
    'WEBJS: `timestamp` has a fraction; `from` and `participant` are both the author.',
    'WPP: `from` may be empty, `source` is null.',
    'Wawp: `reaction` is the emoji; `messageId` and `senderId` are beside it.',
  ],
  data: {
    messageId: {
      description: 'The id of the reaction, which is a separate message.',
      source: '`id`',
    },
    ...partiesFields,
    target: {
      description:
        'The message that was reacted to, from the perspective of this account: `fromMe` is true for its own messages. GOWS reports the id from the perspective of the other person, which its API does not accept: `serialized` is absent then.',
      source: '`reaction.messageId`, on GOWS with `fromMe` inverted',
    },
    emoji: { description: 'The emoji.', absent: 'if the reaction was removed' },
    removed: {
      description: 'Whether the author removed the reaction.',
      absent: 'if the payload has no reaction',
      source: 'an empty `reaction.text`',
    },
    reactedAt: {
      description: 'When the author reacted.',
      unit: 'ISO-8601 UTC',
      source: '`timestamp`, seconds, on WEBJS with a fraction',
    },
    source: { description: 'Whether it was sent through the sender’s API.' },
  },
  key: 'Direction and bare id of the reaction, the chat, and the author unless the chat identifies the author. A reaction without an id is identified by the sender’s event id.',
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
};

/** The documentation of `message.revoked`. */
export const messageRevokedDocs: CatalogEventTypeDocs<'message.revoked'> = {
  summary: 'A message was deleted for everyone.',
  variants: [
    'NOWEB and GOWS: `before` is always null; `after` is the deletion.',
    'WEBJS: `before` may be the message as it was; `after.id` may be the id of the deleted message. Before WAHA 2025.6.3 `before.id` and `after.id` are both the id of the deletion.',
    'WPP: `before` and `after` are keys, `{fromMe, id, remoteJid, participant}`.',
    'Wawp: `id` of the deleted message and `revokedBy`.',
  ],
  data: {
    revokedMessageId: {
      description: 'Bare id of the message that was deleted.',
      absent: 'only if the payload does not contain it',
      source:
        '`revokedMessageId`, else the engine’s protocol message, else `before.id`, else on WEBJS `after.id`',
    },
    messageId: {
      description: 'Id of the deletion, which is a separate message.',
      absent: 'if the sender reports the deleted message’s id instead',
      source: '`after.id`',
    },
    chat: partiesFields.chat,
    direction: {
      ...partiesFields.direction,
      absent:
        'if the payload does not contain it, if an admin deleted the message on WEBJS or WPP, or if `revokedBy` cannot be compared with the account',
    },
    revokedBy: {
      description: 'The person who deleted it: the author, or in groups an admin.',
      absent: 'if the payload of a group names only the author',
    },
    revokedAt: {
      description: 'When it was deleted.',
      unit: 'ISO-8601 UTC',
      absent: 'if the payload has only the time of the deleted message',
      source: '`after.timestamp`',
    },
    previous: {
      description: 'The message before the deletion.',
      absent: 'except on WEBJS, which may still have it',
      source: '`before`',
      fields: messageFields,
    },
  },
  key: 'Direction of the deletion, bare id of the deleted message, the chat, and in groups the person who deleted it.',
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
};

/** The documentation of `message.edited`. */
export const messageEditedDocs: CatalogEventTypeDocs<'message.edited'> = {
  summary: 'The text of a message was changed.',
  variants: [
    'NOWEB, GOWS and usually WPP: `id` is the id of the edit; WEBJS: `id` is the id of the edited message.',
    'Wawp: `id`, `newBody` and `prevBody`.',
  ],
  data: {
    editedMessageId: {
      description: 'Bare id of the message that was edited.',
      source: '`editedMessageId`, else the engine’s protocol message, else `id`',
    },
    messageId: {
      description: 'Id of the edit, which is a separate message.',
      absent: 'if the sender reports the changed message’s id instead, as WEBJS does',
      source: '`id`',
    },
    ...partiesFields,
    body: {
      description: 'The new text; it may be empty.',
      absent: 'if the edit cannot be decrypted',
      source: '`body` or `newBody`',
    },
    unavailable: {
      description:
        'Present if the edit cannot be decrypted, because WhatsApp encrypts it separately.',
      absent: 'if the edit can be decrypted',
    },
    target: {
      description:
        'Same as `editedMessageId`, as in a `message` that is an edit that cannot be decrypted.',
      absent: 'if the edit can be decrypted',
    },
    mentions: {
      description: 'People whom the new text mentions.',
      absent: 'if the text mentions no person, or the engine does not report it',
    },
    mentionsMe: {
      description: 'Whether this account is among `mentions`.',
      absent: 'without `mentions`',
    },
    previousBody: {
      description: 'The previous text.',
      absent: 'except on WEBJS and in Wawp’s documented format',
      source: '`_data.prevBody` or `prevBody`',
    },
    editedAt: {
      description: 'When it was changed.',
      unit: 'ISO-8601 UTC',
      absent: 'if the payload has only the time of the changed message',
      source:
        '`timestamp` on NOWEB and GOWS, `latestEditSenderTimestampMs` of the message in `_data` on WEBJS and WPP',
    },
    source: { description: 'Whether it was sent through the sender’s API.' },
  },
  key: 'Direction, bare id of the edited message and of the edit, the chat, and the author unless the chat identifies the author. An edit without an id is identified by its time, else by the sender’s event id.',
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
};
