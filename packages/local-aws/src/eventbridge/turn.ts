import type { StatementSync } from 'node:sqlite';
import type { Store } from '../store.ts';
import type { Delivery } from './delivery/delivery.ts';
import type { Observation } from './observation.ts';

/** The effects of one transaction outside the database; they run once its rows are committed. */
export class UnitOfWork {
  readonly observations: Observation[] = [];
  /** Stored deliveries whose first attempt follows the commit. */
  readonly begun: Delivery[] = [];
}

/** Runs transactions, and their effects once they are committed. */
export class Turns {
  readonly #store: Store;
  readonly #observe: (observation: Observation) => void;
  readonly #begin: (delivery: Delivery) => void;
  readonly #mark: StatementSync;
  readonly #release: StatementSync;
  readonly #rollBack: StatementSync;

  constructor(
    store: Store,
    observe: (observation: Observation) => void,
    begin: (delivery: Delivery) => void,
  ) {
    this.#store = store;
    this.#observe = observe;
    this.#begin = begin;
    this.#mark = store.db.prepare('SAVEPOINT eventbridge');
    this.#release = store.db.prepare('RELEASE eventbridge');
    this.#rollBack = store.db.prepare('ROLLBACK TO eventbridge');
  }

  run<T>(work: (unit: UnitOfWork) => T): T {
    const unit = new UnitOfWork();
    const result = this.#store.transaction(() => work(unit));
    this.#store.whenCommitted(() => {
      for (const observation of unit.observations) {
        this.#observe(observation);
      }
      for (const delivery of unit.begun) {
        this.#begin(delivery);
      }
    });
    return result;
  }

  /**
   * Runs `work` atomically within the open transaction: when it throws, nothing of it is written.
   */
  attempt<T>(work: () => T): T {
    this.#mark.run();
    try {
      const result = work();
      this.#release.run();
      return result;
    } catch (error) {
      // An error of the database itself may have rolled back the entire transaction.
      if (this.#store.db.isTransaction) {
        this.#rollBack.run();
        this.#release.run();
      }
      throw error;
    }
  }
}
