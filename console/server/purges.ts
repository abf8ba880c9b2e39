import { randomUUID } from 'node:crypto';

/** A purge that can be undone. */
export interface Purged {
  readonly id: string;
  /** Messages that were deleted. */
  readonly count: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Characters of all copies. Events of 3 KB: about 20,000. */
const defaultBudget = 64 * 1024 * 1024;

interface Purge {
  readonly id: string;
  readonly queue: string;
  readonly at: number;
  readonly lines: string[];
}

/**
 * Keeps a copy of each purged message in memory, as `fanout dlq export` would write it, so that a purge can be
 * undone while the console runs. Nothing is written to a disk.
 */
export class Purges {
  readonly #budget: number;
  /** The oldest first. */
  #purges: Purge[] = [];

  constructor(budget = defaultBudget) {
    this.#budget = budget;
  }

  /**
   * Begins a purge. The returned function keeps the copies of messages that are about to be deleted; the oldest
   * purges are forgotten for them. It returns false when one purge alone needs more memory than there is: then
   * nothing is kept.
   */
  begin(queue: string): (lines: readonly string[]) => boolean {
    const purge: Purge = { id: randomUUID(), queue, at: Date.now(), lines: [] };
    return (lines) => {
      if (sizeOf(purge.lines) + sizeOf(lines) > this.#budget) {
        return false;
      }
      purge.lines.push(...lines);
      const others = this.#purges.filter((each) => each !== purge);
      this.#purges = [...others, purge];
      while (this.#purges.reduce((sum, each) => sum + sizeOf(each.lines), 0) > this.#budget) {
        this.#purges.shift();
      }
      return true;
    };
  }

  /** The last purge of a queue. */
  last(queue: string): Purged | undefined {
    const purge = this.#purges.findLast((each) => each.queue === queue);
    return purge && { id: purge.id, count: purge.lines.length, at: purge.at };
  }

  /** Takes the copies of a purge, so that nobody else undoes it too; undefined when it is not known any more. */
  take(id: string): readonly string[] | undefined {
    const at = this.#purges.findIndex((each) => each.id === id);
    return at < 0 ? undefined : this.#purges.splice(at, 1)[0]?.lines;
  }
}

const sizeOf = (lines: readonly string[]) => lines.reduce((sum, { length }) => sum + length, 0);
