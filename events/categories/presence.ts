import * as v from 'valibot';
import { addressData, readAddress } from '../address.ts';
import { type AnyEventType, defineEventType } from '../event-type.ts';
import { eventIdKey } from '../fact-key.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
import { present } from '../own.ts';
import { itemsOf, wireAddress, wireList, wireText, wireTime } from '../wire-value.ts';

const states = ['online', 'offline', 'typing', 'recording', 'paused'] as const;

/** Names of the engines and of Wawp's documentation that differ from WAHA's. */
const synonyms: ReadonlyMap<string, (typeof states)[number]> = new Map([
  ['available', 'online'],
  ['unavailable', 'offline'],
  ['composing', 'typing'],
]);

function readState(word: string | null | undefined): (typeof states)[number] | undefined {
  if (!word) {
    return undefined;
  }
  return states.find((state) => state === word) ?? synonyms.get(word);
}

/** Who is online, typing or recording. */
export const presence = {
  'presence.update': defineEventType({
    payload: () =>
      v.object({
        id: wireAddress,
        presences: wireList(
          v.object({
            participant: wireAddress,
            lastKnownPresence: wireText,
            lastSeen: wireTime,
          }),
        ),
        chatId: wireAddress,
        from: wireAddress,
        type: wireText,
      }),
    data: () =>
      v.object({
        chat: v.optional(addressData()),
        presences: v.optional(
          v.array(
            v.object({
              person: v.optional(addressData()),
              state: v.optional(v.picklist(states)),
              lastSeenAt: v.optional(instant),
            }),
          ),
        ),
      }),
    read(wire) {
      const chat = wire.id ?? wire.chatId;
      const documented =
        wire.type || wire.from
          ? [
              {
                participant: wire.from ?? wire.chatId,
                lastKnownPresence: wire.type,
                lastSeen: null,
              },
            ]
          : undefined;
      return present({
        chat: readAddress(chat),
        presences: (itemsOf(wire.presences) ?? documented)?.map((entry) =>
          present({
            person: readAddress(entry.participant),
            state: readState(entry.lastKnownPresence),
            lastSeenAt: toInstant(entry.lastSeen),
          }),
        ),
      });
    },
    key: eventIdKey('presence.update'),
    isIdentified: (data) => data.chat !== undefined,
    about: 'a chat',
    chat: (data) => data.chat,
  }),
} as const satisfies Record<string, AnyEventType>;
