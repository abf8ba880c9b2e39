import type { Queue } from '../queues/queue-addresses.ts';
import type { QueueContents } from './queue-contents.ts';

/** "A maximum of approximately 120,000 in flight messages" (API reference, ChangeMessageVisibility). */
export const maxInFlight = 120_000;

/**
 * How many more messages of a queue may be in flight. Counts on disk only when its upper bound in
 * memory is near the limit; deletes and timeouts only lower the true number.
 */
export class InFlightLimit {
  readonly #contents: QueueContents;
  readonly #limit: number;
  readonly #atMost = new Map<number, number>();

  constructor(contents: QueueContents, limit: number) {
    this.#contents = contents;
    this.#limit = limit;
  }

  room(queue: Queue, wanted: number, now: number): number {
    const known = this.#atMost.get(queue.id);
    if (known === undefined || known + wanted > this.#limit) {
      this.#atMost.set(queue.id, this.#contents.count(queue.id, now).inFlight);
    }
    return Math.min(wanted, this.#limit - (this.#atMost.get(queue.id) ?? 0));
  }

  add(queueId: number, taken: number): void {
    this.#atMost.set(queueId, (this.#atMost.get(queueId) ?? 0) + taken);
  }

  forget(queueId: number): void {
    this.#atMost.delete(queueId);
  }
}
