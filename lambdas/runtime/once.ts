import { consumerMetrics } from '../../events/names.ts';
import { type Claims, claimsIn } from './claims.ts';
import { count } from './count.ts';
import { requiredEnvironment } from './environment.ts';

/** The event was begun by a function that never finished, and nobody can say whether it was done. */
export class InDoubtError extends Error {
  constructor() {
    super('The event was begun before, and may have been done.');
    this.name = 'InDoubtError';
  }
}

/** Another function is at this event right now. */
export class InProgressError extends Error {
  constructor() {
    super('The event is being handled.');
    this.name = 'InProgressError';
  }
}

/** One event to be done at most once. */
export interface OnceKey {
  readonly id: string;
  /** Whether a person has sent it again on purpose. */
  readonly isRedriven: boolean;
}

/**
 * At most one effect for each event id. The claim is written before the work begins: a function that
 * is killed in the middle leaves it behind, and the event is not simply done again.
 */
export class Once {
  readonly #claims: Claims;
  readonly #timeoutMs: number;
  readonly #now: () => number;

  /** @param timeoutMs how long a function can be at an event: its timeout */
  constructor(claims: Claims, timeoutMs: number, now: () => number = Date.now) {
    this.#claims = claims;
    this.#timeoutMs = timeoutMs;
    this.#now = now;
  }

  /**
   * Does the work unless it was done.
   *
   * @param wasDone finds out whether an event that was begun and never finished was done
   * @throws InProgressError, InDoubtError, and what the work throws
   */
  async run(
    key: OnceKey,
    work: () => Promise<void>,
    wasDone?: () => Promise<boolean>,
  ): Promise<void> {
    if (!(await this.#mayBegin(key, wasDone))) {
      count(consumerMetrics.alreadyDone, 1, { Consumer: process.env.CONSUMER ?? '' });
      return;
    }
    try {
      await work();
    } catch (error) {
      await this.#claims.release(key.id);
      throw error;
    }
    await this.#claims.finish(key.id);
  }

  async #mayBegin({ id, isRedriven }: OnceKey, wasDone?: () => Promise<boolean>): Promise<boolean> {
    const now = this.#now();
    const claim = await this.#claims.take(id, now);
    if (claim.state === 'taken') return true;
    if (claim.state === 'done') return false;
    if (now - claim.at < this.#timeoutMs) throw new InProgressError();
    if (!wasDone && !isRedriven) throw new InDoubtError();
    if (wasDone && (await wasDone())) {
      await this.#claims.finish(id);
      return false;
    }
    if (!(await this.#claims.takeOver(id, claim.at, now))) throw new InProgressError();
    return true;
  }
}

/** Once as the stack has set it up: for a consumer whose row says `idempotent`, else undefined. */
export function onceFromEnvironment(): Once | undefined {
  const table = process.env.CLAIMS_TABLE;
  if (!table) return undefined;
  const timeoutMs = Number(requiredEnvironment('TIMEOUT_SECONDS')) * 1000;
  return new Once(claimsIn(table, requiredEnvironment('CONSUMER')), timeoutMs);
}
