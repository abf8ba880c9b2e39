import type { StatementSync } from 'node:sqlite';
import type { Store } from '../store.ts';
import type { Delivery } from './delivery/delivery.ts';

/** The effects of one transaction outside the database; they run once its rows are committed. */
export class UnitOfWork {
  readonly observations: Observation[] = [];
  /** Stored deliveries whose first attempt follows the commit. */
  readonly started: Delivery[] = [];
}

/** Runs transactions, and their effects once they are committed. */
export class Transactions {
  readonly #store: Store;
  readonly #observe: (observation: Observation) => void;
  readonly #startDelivery: (delivery: Delivery) => void;
  readonly #mark: StatementSync;
  readonly #release: StatementSync;
  readonly #rollBack: StatementSync;

  constructor(
    store: Store,
    observe: (observation: Observation) => void,
    startDelivery: (delivery: Delivery) => void,
  ) {
    this.#store = store;
    this.#observe = observe;
    this.#startDelivery = startDelivery;
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
      for (const delivery of unit.started) {
        this.#startDelivery(delivery);
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

/** What happened to an event, without its content. */
export type Observation =
  | {
      readonly kind: 'published';
      readonly eventId: string;
      readonly bus: string;
      readonly source: string;
      readonly detailType: string;
      /** Names of the rules that match. */
      readonly rules: readonly string[];
      /** The replay that it comes from. */
      readonly replay?: string;
    }
  | ({ readonly kind: 'delivered' /** Since acceptance. */; readonly ms: number } & Attempt)
  | ({ readonly kind: 'failed'; readonly retryInMs: number } & Attempt & Failure)
  | ({ readonly kind: 'deadLettered'; readonly queueArn: string } & Attempt & Failure)
  /**
   * Retries are exhausted and there is no dead-letter queue, or it refused the message: the event
   * is lost.
   */
  | ({ readonly kind: 'dropped' } & Attempt & Failure)
  /** AWS accepts events for a bus that does not exist, and delivers them to no target. */
  | { readonly kind: 'noSuchBus'; readonly eventId: string; readonly bus: string };

interface Attempt {
  readonly eventId: string;
  readonly bus: string;
  readonly rule: string;
  readonly targetId: string;
  readonly targetArn: string;
  /** 1 for the first. */
  readonly attempt: number;
}

interface Failure {
  /** As in the attribute ERROR_CODE of the dead-letter message. */
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** Counters since the start, named after EventBridge's CloudWatch metrics where it has one. */
export interface EventBridgeMetrics {
  published: number;
  matched: number;
  delivered: number;
  failedAttempts: number;
  deadLettered: number;
  dropped: number;
  noSuchBus: number;
  /** Of the published events, those that a replay sent. */
  replayed: number;
}

export const newMetrics = (): EventBridgeMetrics => ({
  published: 0,
  matched: 0,
  delivered: 0,
  failedAttempts: 0,
  deadLettered: 0,
  dropped: 0,
  noSuchBus: 0,
  replayed: 0,
});

/** Counts an observation. */
export function count(metrics: EventBridgeMetrics, observation: Observation): void {
  switch (observation.kind) {
    case 'published':
      metrics.published += 1;
      metrics.matched += observation.rules.length;
      if (observation.replay !== undefined) {
        metrics.replayed += 1;
      }
      break;
    case 'failed':
      metrics.failedAttempts += 1;
      break;
    case 'deadLettered':
    case 'dropped':
      metrics.failedAttempts += 1;
      metrics[observation.kind] += 1;
      break;
    default:
      metrics[observation.kind] += 1;
  }
}
