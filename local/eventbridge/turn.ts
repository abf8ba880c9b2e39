import type { Store } from '../store.ts';
import type { Delivery } from './delivery/delivery.ts';
import type { Observation } from './observation.ts';

/** What one transaction brings about besides rows; it happens once the rows are committed. */
export class Turn {
  readonly observations: Observation[] = [];
  /** Deliveries, kept in the store, whose first attempt is to be made. */
  readonly begun: Delivery[] = [];
}

/** Runs transactions together with what follows from them. */
export class Turns {
  readonly #store: Store;
  readonly #observe: (observation: Observation) => void;
  readonly #begin: (delivery: Delivery) => void;

  constructor(
    store: Store,
    observe: (observation: Observation) => void,
    begin: (delivery: Delivery) => void,
  ) {
    this.#store = store;
    this.#observe = observe;
    this.#begin = begin;
  }

  run<T>(work: (turn: Turn) => T): T {
    const turn = new Turn();
    const result = this.#store.transaction(() => work(turn));
    for (const observation of turn.observations) this.#observe(observation);
    for (const delivery of turn.begun) this.#begin(delivery);
    return result;
  }

  /** Does `work` wholly or, when it throws, not at all, within the open transaction. */
  attempt<T>(work: () => T): T {
    const { db } = this.#store;
    db.exec('SAVEPOINT eventbridge');
    try {
      const result = work();
      db.exec('RELEASE eventbridge');
      return result;
    } catch (error) {
      // An error of the database itself may have ended the whole transaction.
      if (db.isTransaction) db.exec('ROLLBACK TO eventbridge; RELEASE eventbridge');
      throw error;
    }
  }
}
