import * as v from 'valibot';
import { lazySchema, type OutputOf } from './lazy-schema.ts';
import { wireNumber, wireText } from './wire-value.ts';

const names = ['error', 'pending', 'server', 'device', 'read', 'played'] as const;

/** WAHA's levels start at -1 (WAHA docs, "Events", `message.ack`). */
const minLevel = -1;

/** The acknowledgement level of a message, from `error` and `pending` to `played`. */
export const ackData = lazySchema(() =>
  v.object({
    level: v.optional(v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(4))),
    name: v.picklist([...names, 'unknown']),
  }),
);

/** See {@link ackData}. */
export type Ack = OutputOf<typeof ackData>;

/** The two wire fields of an acknowledgement. */
export const wireAck = { ack: wireNumber, ackName: wireText };

/** Level names in the text of Wawp's documentation that differ from WAHA's. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ['sent', 'server'],
  ['delivered', 'device'],
]);

/**
 * Reads an acknowledgement. The number takes precedence over the name, since software computes the number:
 * the example in Wawp's documentation has -1 together with `PENDING`.
 */
export function readAck(ack: unknown, ackName: unknown): Ack {
  const level = typeof ack === 'string' && ack.length <= 2 && ack !== '' ? Number(ack) : ack;
  if (typeof level === 'number' && Number.isInteger(level)) {
    const name = names[level - minLevel];
    if (name !== undefined) {
      return { level, name };
    }
  }
  if (typeof ackName === 'string' && ackName.length <= 20) {
    const word = ackName.toLowerCase().replace(/^ack_/, '');
    const index = names.indexOf((synonyms.get(word) ?? word) as (typeof names)[number]);
    const name = names[index];
    if (name !== undefined) {
      return { level: index + minLevel, name };
    }
  }
  return { name: 'unknown' };
}
