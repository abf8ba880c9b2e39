import type { CategoryDocs } from '../event-type-docs.ts';

/** The documentation of the category `presence`. */
export const presenceDocs: CategoryDocs<'presence'> = {
  'presence.update': {
    summary:
      'A person came online, went offline, or is typing or recording. The sender reports only people to whose presence it is subscribed.',
    variants: [
      'GOWS: the state may be missing; `paused` is also reported when the message is sent.',
      'Wawp: `chatId`, `from` and `type`, with the words `composing`, `available`, `unavailable`.',
    ],
    data: {
      chat: { description: 'The chat in which the presence is shown.', source: '`id` or `chatId`' },
      presences: {
        description: 'The people whose presence is known; one in a direct chat.',
        fields: {
          person: { description: 'The person whose presence it is.' },
          state: {
            description: 'The presence of the person.',
            absent: 'if the engine does not report it',
          },
          lastSeenAt: {
            description: 'When the person was last online.',
            unit: 'ISO-8601 UTC',
            absent: 'if it is not known, or the person hides it',
            source: '`lastSeen`, seconds',
          },
        },
      },
    },
    key: 'The sender’s event id and time, because presence repeats; the latest event is valid.',
    examples: {
      waha: {
        engine: 'NOWEB',
        payload: {
          id: '120363020000000042@g.us',
          presences: [
            { participant: '12025550142@c.us', lastKnownPresence: 'typing', lastSeen: null },
          ],
        },
      },
      wawp: {
        engine: 'WEBJS',
        payload: { chatId: '447700900123@c.us', type: 'composing', from: '447700900123@c.us' },
      },
    },
  },
};
