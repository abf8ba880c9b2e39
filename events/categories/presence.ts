import * as v from 'valibot';
import { addressData, readAddress } from '../address.ts';
import { field, instant } from '../data-field.ts';
import { eventIdKey } from '../event-id-key.ts';
import { toInstant } from '../instant.ts';
import { type AnyKind, kind } from '../kind.ts';
import { present } from '../present.ts';
import { wireAddress, wireText, wireTime } from '../wire-value.ts';

const STATES = ['online', 'offline', 'typing', 'recording', 'paused'] as const;

/** Words of the engines and of Wawp's docs that differ from WAHA's. */
const SYNONYMS: ReadonlyMap<string, (typeof STATES)[number]> = new Map([
  ['available', 'online'],
  ['unavailable', 'offline'],
  ['composing', 'typing'],
]);

function readState(word: string | null | undefined): (typeof STATES)[number] | undefined {
  if (!word) return undefined;
  return STATES.find((state) => state === word) ?? SYNONYMS.get(word);
}

/** Who is online, typing or recording. */
export const presence = {
  'presence.update': kind({
    summary:
      'Somebody whose presence was subscribed to came online, went offline, or is typing or recording.',
    variants: [
      'GOWS: the state may be missing; it tells of `paused` by itself when a message ends the typing.',
      'Wawp: `chatId`, `from` and `type`, with the words `composing`, `available`, `unavailable`.',
    ],
    payload: () =>
      v.object({
        id: wireAddress,
        presences: v.nullish(
          v.array(
            v.object({
              participant: wireAddress,
              lastKnownPresence: wireText,
              lastSeen: wireTime,
            }),
          ),
        ),
        chatId: wireAddress,
        from: wireAddress,
        type: wireText,
      }),
    data: () =>
      v.object({
        chat: field(addressData(), 'Where it shows.', { source: '`id` or `chatId`' }),
        presences: field(
          v.array(
            v.object({
              person: field(addressData(), 'Whose presence it is.'),
              state: field(v.picklist(STATES), 'What the person does.', {
                absent: 'where the engine knows no word for it',
              }),
              lastSeenAt: field(instant, 'When the person was last online.', {
                unit: 'ISO-8601 UTC',
                absent: 'where it is not known or the person hides it',
                source: '`lastSeen`, seconds',
              }),
            }),
          ),
          'The people whose presence is known, in a direct chat one.',
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
        presences: (wire.presences ?? documented)?.map((entry) =>
          present({
            person: readAddress(entry.participant),
            state: readState(entry.lastKnownPresence),
            lastSeenAt: toInstant(entry.lastSeen),
          }),
        ),
      });
    },
    key: eventIdKey('presence.update', 'presence repeats all the time, and the latest counts.'),
    chat: (data) => data.chat,
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
  }),
} as const satisfies Record<string, AnyKind>;
