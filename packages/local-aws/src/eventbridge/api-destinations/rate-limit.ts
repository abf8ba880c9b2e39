import type { Clock } from '../../clock.ts';

/** Keeps calls to each API destination within its rate, with a burst of one second's worth. */
export class RateLimit {
  readonly #clock: Clock;
  /** Calls that may still be made at `filledAt`; below zero: places given for later. */
  readonly #buckets = new Map<string, { left: number; filledAt: number }>();
  /** Calls that were given a place for later, by their numbers. */
  readonly #placed = new Set<number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Asks for a call: 0 when it may be made now, else the milliseconds until its place. Each call
   * keeps the place it was given, so however many wait, each asks twice only.
   */
  take(destination: string, ratePerSecond: number, call: number): number {
    if (this.#placed.delete(call)) return 0;
    const now = this.#clock.now();
    const bucket = this.#buckets.get(destination) ?? { left: ratePerSecond, filledAt: now };
    this.#buckets.set(destination, bucket);
    const gained = ((now - bucket.filledAt) * ratePerSecond) / 1000;
    bucket.left = Math.min(ratePerSecond, bucket.left + gained) - 1;
    bucket.filledAt = now;
    if (bucket.left >= 0) return 0;
    this.#placed.add(call);
    return Math.ceil((-bucket.left * 1000) / ratePerSecond);
  }
}
