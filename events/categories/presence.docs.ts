import type { CategoryDocs } from '../event-type-docs.ts';

/** The documentation of the category `presence`. */
export const presenceDocs: CategoryDocs<'presence'> = {
  'presence.update': {
    summary:
      'Somebody whose presence was subscribed to came online, went offline, or is typing or recording.',
    variants: [
      'GOWS: the state may be missing; it also reports `paused` when a message ends the typing.',
      'Wawp: `chatId`, `from` and `type`, with the words `composing`, `available`, `unavailable`.',
    ],
    data: {
      chat: { description: 'The chat in which the presence is shown.', source: '`id` or `chatId`' },
      presences: {
        description: 'The people whose presence is known; one in a direct chat.',
        fields: {
          person: { description: 'The person whose presence it is.' },
          state: {
            description: 'What the person does.',
            absent: 'where the engine knows no word for it',
          },
          lastSeenAt: {
            description: 'When the person was last online.',
            unit: 'ISO-8601 UTC',
            absent: 'where it is not known or the person hides it',
            source: '`lastSeen`, seconds',
          },
        },
      },
    },
    key: 'The sender’s event id and time: presence repeats all the time, and the latest counts.',
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
