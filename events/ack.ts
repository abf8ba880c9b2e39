import * as v from 'valibot';
import { lazySchema, type OutputOf } from './lazy-schema.ts';
import { wireNumber, wireText } from './wire-value.ts';

const NAMES = ['error', 'pending', 'server', 'device', 'read', 'played'] as const;

/** WAHA's levels start at -1 (WAHA docs, "Events", `message.ack`). */
const LOWEST = -1;

/** How far a message has come. */
export const ackData = lazySchema(() =>
  v.object({
    level: v.optional(v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(4))),
    name: v.picklist([...NAMES, 'unknown']),
  }),
);

/** See {@link ackData}. */
export type Ack = OutputOf<typeof ackData>;

/** The two wire fields of an acknowledgement. */
export const wireAck = { ack: wireNumber, ackName: wireText };

/** Names of the prose of Wawp's docs that differ from WAHA's. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['sent', 'server'],
  ['delivered', 'device'],
]);

/**
 * Reads an acknowledgement. The number wins over the name: Wawp's published message has -1 beside
 * `PENDING`, and code computes the number.
 */
export function readAck(ack: unknown, ackName: unknown): Ack {
  const level = typeof ack === 'string' && ack.length <= 2 && ack !== '' ? Number(ack) : ack;
  if (typeof level === 'number' && Number.isInteger(level)) {
    const name = NAMES[level - LOWEST];
    if (name !== undefined) return { level, name };
  }
  if (typeof ackName === 'string' && ackName.length <= 20) {
    const word = ackName.toLowerCase().replace(/^ack_/, '');
    const index = NAMES.indexOf((SYNONYMS.get(word) ?? word) as (typeof NAMES)[number]);
    const name = NAMES[index];
    if (name !== undefined) return { level: index + LOWEST, name };
  }
  return { name: 'unknown' };
}
