import type { Clock } from '../../clock.ts';

/**
 * How long all slots must have been taken before there is one more, in milliseconds of the clock:
 * soon if the last batch was full, so that more is waiting; later if it may be that a short wait
 * makes the next batch fuller, which costs less than another process.
 */
const GROWTH_WITH_BACKLOG_MS = 100;
const GROWTH_MS = 500;

/**
 * How many batches of one queue may be with the function at the same time. It starts at one and
 * grows while the function keeps up too slowly, up to `max`, as Lambda adds pollers while a backlog
 * stays; it falls back when the queue is empty. A fast function so gets fuller batches in one
 * process instead of thin ones in many.
 */
export class BatchSlots {
  readonly #max: number;
  readonly #clock: Clock;
  #limit = 1;
  #taken = 0;
  #hasBacklog = false;
  #wake: (() => void) | undefined;

  constructor(max: number, clock: Clock) {
    this.#max = max;
    this.#clock = clock;
  }

  /** Batches that are with the function. */
  get taken(): number {
    return this.#taken;
  }

  /** Resolves when there is a slot, which is then taken. One caller at a time. */
  async take(): Promise<void> {
    while (this.#taken >= this.#limit) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const growth = this.#hasBacklog ? GROWTH_WITH_BACKLOG_MS : GROWTH_MS;
      const cancel = this.#clock.after(growth, () => {
        this.#limit = Math.min(this.#limit + 1, this.#max);
        resolve();
      });
      await promise;
      cancel();
    }
    this.#taken += 1;
  }

  release(): void {
    this.#taken -= 1;
    this.#wake?.();
  }

  /** Tells how much of a batch the queue had: nothing makes one slot enough again. */
  observe(received: number, batchSize: number): void {
    this.#hasBacklog = received >= batchSize;
    if (received === 0) this.#limit = 1;
  }
}
