import type { CategoryDocs } from '../event-type-docs.ts';

/** The documentation of the category `chats`. */
export const chatsDocs: CategoryDocs<'chats'> = {
  'chat.archive': {
    summary: 'A chat was archived or unarchived (WEBJS only).',
    variants: ['WAHA: `id`, `archived`, `timestamp`.', 'Wawp: `chatId` and `archived`.'],
    data: {
      chat: { description: 'The chat.', source: '`id` or `chatId`' },
      archived: { description: 'Whether the chat is archived now.' },
      lastActivityAt: {
        description: 'Time of the last activity in the chat; not the time when it was archived.',
        unit: 'ISO-8601 UTC',
        source: '`timestamp`, seconds',
      },
    },
    key: 'The sender’s event id and time, because a chat can be archived and unarchived several times.',
    examples: {
      waha: {
        engine: 'WEBJS',
        payload: { id: '12025550142@c.us', archived: true, timestamp: 1767182400 },
      },
      wawp: { engine: 'WEBJS', payload: { chatId: '447700900123@c.us', archived: false } },
    },
  },
};
