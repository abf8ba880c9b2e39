import { TooManyRequests } from '../lambda-errors.ts';

/**
 * Counts executions, those that wait for a process included, and refuses those beyond a function's
 * reserved concurrency or the account's concurrency limit
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html).
 */
export class ConcurrencyLimit {
  readonly #account: number;
  readonly #byFunction = new Map<string, number>();
  #total = 0;
  #isClosed = false;
  #onDrained = () => {};

  constructor(account: number) {
    this.#account = account;
  }

  /** Counts an execution until the returned function is called. */
  enter(functionName: string, reserved: number | undefined): () => void {
    const active = this.#byFunction.get(functionName) ?? 0;
    if (reserved !== undefined && active >= reserved) {
      throw new TooManyRequests('ReservedFunctionConcurrentInvocationLimitExceeded');
    }
    if (this.#isClosed || this.#total >= this.#account) {
      throw new TooManyRequests('ConcurrentInvocationLimitExceeded');
    }
    this.#count(functionName, 1);
    return () => this.#count(functionName, -1);
  }

  /**
   * Refuses all new executions, and resolves when none is running, after `drainMs` at the latest.
   */
  async close(drainMs: number): Promise<void> {
    this.#isClosed = true;
    if (this.#total === 0 || drainMs === 0) {
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onDrained = resolve;
    const timer = setTimeout(resolve, drainMs);
    await promise;
    clearTimeout(timer);
  }

  #count(functionName: string, change: number): void {
    this.#total += change;
    const active = (this.#byFunction.get(functionName) ?? 0) + change;
    if (active > 0) {
      this.#byFunction.set(functionName, active);
    } else {
      this.#byFunction.delete(functionName);
    }
    if (this.#total === 0) {
      this.#onDrained();
    }
  }
}
