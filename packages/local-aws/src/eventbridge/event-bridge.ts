import { type AwsService, type JsonObject, unknownOperation } from '../aws-service.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import { actions } from './actions/actions.ts';
import { ApiCaller } from './api-destinations/api-caller.ts';
import { Archives, ArchiveTable, Replays } from './archives.ts';
import { Deliverer } from './delivery/deliverer.ts';
import type { TargetPort } from './delivery/delivery.ts';
import { DeliveryTable } from './delivery/due-deliveries.ts';
import type { EventBridgeContext } from './event-bridge-context.ts';
import { BusRules, Publisher } from './publisher.ts';
import { Arns, type Place, Resources } from './resources.ts';
import { ScheduledRules } from './schedules.ts';
import {
  count,
  type EventBridgeMetrics,
  newMetrics,
  type Observation,
  Transactions,
} from './unit-of-work.ts';

interface EventBridgeOptions extends Place {
  readonly store: Store;
  readonly clock: Clock;
  readonly targets: TargetPort;
  /** For the jitter of retries: at least 0, less than 1. @default Math.random */
  readonly random?: () => number;
  /** Called with what happens to each event, after it is committed; must not throw. */
  readonly observe?: (observation: Observation) => void;
  /** Timeout of a call to an API destination, in milliseconds of real time. @default 5000 */
  readonly apiTimeoutMs?: number;
}

/**
 * Amazon EventBridge on one machine: buses, rules, targets, retries and dead-letter queues, with
 * all state in the store. Every event that PutEvents accepted is delivered, also after a crash, or
 * ends in the target's dead-letter queue.
 */
export class EventBridge implements AwsService {
  readonly metrics: EventBridgeMetrics = newMetrics();
  readonly #context: EventBridgeContext;
  readonly #deliverer: Deliverer;
  readonly #deliveries: DeliveryTable;

  constructor(options: EventBridgeOptions) {
    const { store, clock, targets, random = Math.random, observe } = options;
    const { db } = store;
    const now = () => Math.floor(clock.now());
    const place = { region: options.region, accountId: options.accountId };
    const arns = new Arns(place);
    const resources = new Resources(db, now());
    const rules = new BusRules(resources, arns);
    const transactions = new Transactions(
      store,
      (observation) => {
        count(this.metrics, observation);
        observe?.(observation);
      },
      (delivery) => this.#deliverer.due.begin(delivery),
    );
    const archived = new ArchiveTable(db);
    const archives = new Archives(resources, archived, clock);
    const publisher = new Publisher(rules, arns, {
      deliver: (unit, event, route) => this.#deliverer.attemptFirst(unit, event, route),
      archive: (archive, event) => archives.add(archive, event),
    });
    const api = new ApiCaller(resources, arns, clock, options.apiTimeoutMs);
    this.#deliveries = new DeliveryTable(db);
    this.#deliverer = new Deliverer({
      clock,
      random,
      table: this.#deliveries,
      transactions,
      targets,
      forward: (unit, event, busArn) => publisher.forward(unit, event, busArn),
      callApi: (delivery, input) => api.call(delivery, input),
    });
    const replays = new Replays({ clock, transactions, resources, publisher, archived });
    const deliverer = this.#deliverer;
    const schedules = new ScheduledRules({
      clock,
      place,
      arns,
      resources,
      transactions,
      deliverer,
    });
    const kept = { resources, archived, archives, replays, schedules };
    this.#context = { place, arns, rules, publisher, transactions, now, ...kept };
  }

  /**
   * Starts schedules, and the retries and replays that an earlier process left. Call it when all
   * targets exist. Before that, only queues and buses receive events; deliveries to other targets
   * wait.
   */
  start(): void {
    this.#context.archives.start();
    this.#context.replays.start();
    this.#context.schedules.start();
    this.#deliverer.due.start();
  }

  /**
   * Starts no more attempts and waits for the running ones. Unfinished deliveries stay in the
   * store.
   */
  close(): Promise<void> {
    this.#context.archives.stop();
    this.#context.replays.stop();
    this.#context.schedules.stop();
    return this.#deliverer.due.stop();
  }

  /** Resolves when the attempts that are running now have ended. */
  settled(): Promise<void> {
    return this.#deliverer.due.settled();
  }

  /** Number of deliveries that have neither succeeded nor failed finally. */
  pending(): number {
    return this.#deliveries.count();
  }

  async call(action: string, input: JsonObject): Promise<JsonObject> {
    const run = actions.get(action);
    if (!run) {
      throw unknownOperation('EventBridge', action);
    }
    return run(this.#context, input);
  }
}
