import * as v from 'valibot';
import { addressData, readAddress } from '../address.ts';
import { field, instant } from '../data-field.ts';
import { eventIdKey } from '../event-id-key.ts';
import { toInstant } from '../instant.ts';
import { type AnyKind, kind } from '../kind.ts';
import { present } from '../present.ts';
import { wireAddress, wireFlag, wireTime } from '../wire-value.ts';

/** What becomes of chats. */
export const chats = {
  'chat.archive': kind({
    summary: 'A chat was archived, or taken back from the archive (WEBJS only).',
    variants: ['WAHA: `id`, `archived`, `timestamp`.', 'Wawp: `chatId` and `archived`.'],
    payload: () =>
      v.object({
        id: wireAddress,
        chatId: wireAddress,
        archived: wireFlag,
        timestamp: wireTime,
      }),
    data: () =>
      v.object({
        chat: field(addressData(), 'The chat.', { source: '`id` or `chatId`' }),
        archived: field(v.boolean(), 'Whether it is in the archive now.'),
        lastActivityAt: field(
          instant,
          'When something last happened in the chat; not when it was archived.',
          {
            unit: 'ISO-8601 UTC',
            source: '`timestamp`, seconds',
          },
        ),
      }),
    read: (wire) =>
      present({
        chat: readAddress(wire.id ?? wire.chatId),
        archived: wire.archived ?? undefined,
        lastActivityAt: toInstant(wire.timestamp),
      }),
    key: eventIdKey('chat.archive', 'a chat may be archived and taken back again and again.'),
    chat: (data) => data.chat,
    examples: {
      waha: {
        engine: 'WEBJS',
        payload: { id: '12025550142@c.us', archived: true, timestamp: 1767182400 },
      },
      wawp: { engine: 'WEBJS', payload: { chatId: '447700900123@c.us', archived: false } },
    },
  }),
} as const satisfies Record<string, AnyKind>;
