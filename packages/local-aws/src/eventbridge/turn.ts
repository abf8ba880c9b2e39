import type { StatementSync } from 'node:sqlite';
import type { Store } from '../store.ts';
import type { Delivery } from './delivery/delivery.ts';
import type { Observation } from './observation.ts';

/** What one transaction brings about besides rows; it happens once the rows are committed. */
export class UnitOfWork {
  readonly observations: Observation[] = [];
  /** Deliveries, kept in the store, whose first attempt is to be made. */
  readonly begun: Delivery[] = [];
}

/** Runs transactions together with what follows from them. */
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

  /** Does `work` wholly or, when it throws, not at all, within the open transaction. */
  attempt<T>(work: () => T): T {
    this.#mark.run();
    try {
      const result = work();
      this.#release.run();
      return result;
    } catch (error) {
      // An error of the database itself may have ended the whole transaction.
      if (this.#store.db.isTransaction) {
        this.#rollBack.run();
        this.#release.run();
      }
      throw error;
    }
  }
}
