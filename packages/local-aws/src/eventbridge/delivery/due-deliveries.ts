import type { Clock } from '../../clock.ts';
import type { Delivery } from './delivery.ts';
import type { DeliveryTable } from './delivery-table.ts';

/** Maximum number of concurrent calls to functions and API destinations. */
const maxRunning = 100;
/**
 * Number of deliveries that are read from the store at once; between batches other work can run.
 */
const batch = 100;
/** The pause after an error of the store itself, such as a full disk. */
const storeErrorPauseMs = 1000;
/**
 * The pause of a delivery whose attempt failed with an internal error, not with a response of its
 * target.
 */
const brokenAttemptPauseMs = 60_000;

/** Makes the attempts that are due, with one timer for the earliest of them. */
export class DueDeliveries {
  readonly #table: DeliveryTable;
  readonly #clock: Clock;
  readonly #attempt: (delivery: Delivery) => Promise<void> | undefined;
  readonly #running = new Map<number, Promise<void>>();
  #isStarted = false;
  /** Due deliveries wait in the table until fewer calls are running. */
  #isBehind = false;
  #alarm: { readonly at: number; readonly cancel: () => void } | undefined;

  /** @param attempt returns a promise for an attempt that takes time. */
  constructor(
    table: DeliveryTable,
    clock: Clock,
    attempt: (delivery: Delivery) => Promise<void> | undefined,
  ) {
    this.#table = table;
    this.#clock = clock;
    this.#attempt = attempt;
  }

  /** Starts the retries that an earlier process left. Before this call no delivery is retried. */
  start(): void {
    this.#isStarted = true;
    this.#runDue();
  }

  /** Starts no more attempts; resolves when the running ones have ended. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    await this.settled();
  }

  /** Resolves when the attempts that are running now have ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  /** The first attempt of a delivery that was just committed. */
  begin(delivery: Delivery): void {
    if (!this.#isStarted) {
      return;
    }
    if (this.#running.size < maxRunning) {
      this.#run(delivery);
    } else {
      this.#isBehind = true;
    }
  }

  wakeAt(dueAt: number): void {
    if (!this.#isStarted || (this.#alarm && this.#alarm.at <= dueAt)) {
      return;
    }
    this.#alarm?.cancel();
    const cancel = this.#clock.after(dueAt - this.#clock.now(), () => {
      this.#alarm = undefined;
      this.#runDue();
    });
    this.#alarm = { at: dueAt, cancel };
  }

  #runDue(): void {
    if (!this.#isStarted) {
      return;
    }
    this.#isBehind = false;
    const now = this.#clock.now();
    try {
      const limit = this.#running.size + batch;
      const due = this.#table.due(now, limit);
      for (const delivery of due) {
        if (this.#running.size >= maxRunning) {
          this.#isBehind = true;
          return;
        }
        if (!this.#running.has(delivery.row ?? 0)) {
          this.#runOrPostpone(delivery);
        }
      }
      if (due.length === limit) {
        this.wakeAt(now);
      }
      const next = this.#table.nextDueAt(now);
      if (next !== undefined) {
        this.wakeAt(next);
      }
    } catch {
      this.wakeAt(now + storeErrorPauseMs);
    }
  }

  /** An attempt that throws must not block the deliveries behind it. */
  #runOrPostpone(delivery: Delivery): void {
    try {
      this.#run(delivery);
    } catch {
      const dueAt = this.#clock.now() + brokenAttemptPauseMs;
      this.#table.postpone(delivery.row ?? 0, delivery.failures, dueAt);
    }
  }

  #run(delivery: Delivery): void {
    const row = delivery.row ?? 0;
    const attempt = this.#attempt(delivery);
    if (!attempt) {
      return;
    }
    const ended = attempt
      // The row is still there: the attempt is made again.
      .catch(() => this.wakeAt(this.#clock.now() + storeErrorPauseMs))
      .finally(() => {
        this.#running.delete(row);
        // Reads again only when half of the slots are free, since each query of the table costs
        // time.
        if (this.#isBehind && this.#running.size <= maxRunning / 2) {
          this.#runDue();
        }
      });
    this.#running.set(row, ended);
  }
}
