import * as v from 'valibot';
import { addressData, readAddress } from '../address.ts';
import { type AnyEventType, defineEventType } from '../event-type.ts';
import { eventIdKey } from '../fact-key.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
import { present } from '../own.ts';
import { wireAddress, wireFlag, wireTime } from '../wire-value.ts';

/** Archived and unarchived chats. */
export const chats = {
  'chat.archive': defineEventType({
    payload: () =>
      v.object({
        id: wireAddress,
        chatId: wireAddress,
        archived: wireFlag,
        timestamp: wireTime,
      }),
    data: () =>
      v.object({
        chat: v.optional(addressData()),
        archived: v.optional(v.boolean()),
        lastActivityAt: v.optional(instant),
      }),
    read: (wire) =>
      present({
        chat: readAddress(wire.id ?? wire.chatId),
        archived: wire.archived ?? undefined,
        lastActivityAt: toInstant(wire.timestamp),
      }),
    key: eventIdKey('chat.archive'),
    isIdentified: (data) => data.chat !== undefined,
    about: 'a chat',
    chat: (data) => data.chat,
  }),
} as const satisfies Record<string, AnyEventType>;
