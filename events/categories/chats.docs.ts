import type { CategoryDocs } from '../event-type-docs.ts';

/** The documentation of the category `chats`. */
export const chatsDocs: CategoryDocs<'chats'> = {
  'chat.archive': {
    summary: 'A chat was archived or unarchived (WEBJS only).',
    variants: ['WAHA: `id`, `archived`, `timestamp`.', 'Wawp: `chatId` and `archived`.'],
    data: {
      chat: { description: 'The chat.', source: '`id` or `chatId`' },
      archived: { description: 'Whether it is in the archive now.' },
      lastActivityAt: {
        description: 'When something last happened in the chat; not when it was archived.',
        unit: 'ISO-8601 UTC',
        source: '`timestamp`, seconds',
      },
    },
    key: 'The sender’s event id and time: a chat may be archived and taken back again and again.',
    examples: {
      waha: {
        engine: 'WEBJS',
        payload: { id: '12025550142@c.us', archived: true, timestamp: 1767182400 },
      },
      wawp: { engine: 'WEBJS', payload: { chatId: '447700900123@c.us', archived: false } },
    },
  },
};
