import * as v from 'valibot';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { present, presentOrNone } from '../own.ts';
import { wireFlag, wireNumber, wireText } from '../wire-value.ts';
import type { EngineLocation } from './engines/engine-reading.ts';

/** WAHA's location: coordinates are text in its schema and numbers on some engines. */
export const wireLocation = v.nullish(
  v.object({
    latitude: wireNumber,
    longitude: wireNumber,
    live: wireFlag,
    name: wireText,
    address: wireText,
    url: wireText,
    description: wireText,
    thumbnail: wireText,
  }),
);

/** A location in a message. */
export const locationData = lazySchema(() =>
  v.object({
    latitude: v.optional(v.number()),
    longitude: v.optional(v.number()),
    live: v.optional(v.boolean()),
    name: v.optional(v.string()),
    address: v.optional(v.string()),
    url: v.optional(v.string()),
    description: v.optional(v.string()),
  }),
);

/**
 * Reads a location in the form of WAHA or of the engine; undefined for one that says nothing. The thumbnail
 * stays in `raw` only, since it is large.
 */
export function readLocation(
  wire: v.InferOutput<typeof wireLocation> | EngineLocation,
): OutputOf<typeof locationData> | undefined {
  if (!wire) {
    return undefined;
  }
  const place = presentOrNone({
    latitude: degrees(wire.latitude),
    longitude: degrees(wire.longitude),
    name: wire.name || undefined,
    address: wire.address || undefined,
    url: wire.url || undefined,
    description: wire.description || undefined,
  });
  return place || wire.live ? present({ ...place, live: wire.live ?? undefined }) : undefined;
}

function degrees(value: unknown): number | undefined {
  if ((typeof value !== 'string' && typeof value !== 'number') || String(value).trim() === '') {
    return undefined;
  }
  const number = Number(value);
  return Math.abs(number) <= 180 ? number : undefined;
}
