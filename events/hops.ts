import type { Meta } from './envelope.ts';

/**
 * How many events may follow from one another, each published by a consumer of the one before. Two consumers that
 * publish for each other would otherwise go on for ever, and each event costs money.
 */
export const maxHops = 8;

/** Thrown for an event at the end of a longer chain than {@link maxHops}: two rules feed each other. */
export class TooManyHopsError extends Error {
  constructor(hops: number) {
    super(
      `The event is the ${hops}th that consumers published because of one another; ${maxHops} are allowed. Do two rules feed each other?`,
    );
    this.name = 'TooManyHopsError';
  }
}

/**
 * The field `meta.hops` of an event that a consumer publishes because of another.
 *
 * @example
 * const meta = { ...event.meta, id: `answered:${event.meta.id}`, hops: hopsAfter(event) };
 *
 * @param event the event that the consumer received
 * @throws TooManyHopsError when the chain is too long
 */
export function hopsAfter({ meta }: { readonly meta: Pick<Meta, 'hops'> }): number {
  return checkedHops((meta.hops ?? 0) + 1);
}

/** Throws when an event is at the end of too long a chain. */
export function checkedHops(hops: number): number {
  if (hops > maxHops) {
    throw new TooManyHopsError(hops);
  }
  return hops;
}
