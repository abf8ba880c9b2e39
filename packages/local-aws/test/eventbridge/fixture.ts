import { AwsError, type JsonObject } from '../../src/aws-service.ts';
import { SteppedClock } from '../../src/clock.ts';
import type { QueueMessage, TargetPort } from '../../src/eventbridge/delivery/delivery.ts';
import { EventBridge } from '../../src/eventbridge/event-bridge.ts';
import type { Observation } from '../../src/eventbridge/unit-of-work.ts';
import { openStore, type Store } from '../../src/store.ts';

export const region = 'eu-west-1';
export const accountId = '123456789012';

export const queueArn = (name: string) => `arn:aws:sqs:${region}:${accountId}:${name}`;
export const functionArn = (name: string) =>
  `arn:aws:lambda:${region}:${accountId}:function:${name}`;
export const busArn = (name: string) => `arn:aws:events:${region}:${accountId}:event-bus/${name}`;
export const ruleArn = (path: string) => `arn:aws:events:${region}:${accountId}:rule/${path}`;

/**
 * Targets that store what they receive, and fail as configured. Queues are rows of the store, like
 * real ones.
 */
export class FakeTargets implements TargetPort {
  readonly #store: Store;
  readonly invocations: { readonly arn: string; readonly payload: string }[] = [];
  /** Errors by ARN; a target with one refuses everything. */
  readonly errors = new Map<string, Error>();
  attempts = 0;

  constructor(store: Store) {
    this.#store = store;
    store.db.exec('CREATE TABLE IF NOT EXISTS fake_queue (arn TEXT, message TEXT)');
  }

  sendToQueue(arn: string, message: QueueMessage): void {
    this.attempts += 1;
    this.#store.db
      .prepare('INSERT INTO fake_queue VALUES (?, ?)')
      .run(arn, JSON.stringify(message));
    const error = this.errors.get(arn);
    if (error) {
      throw error;
    }
  }

  async invokeFunction(arn: string, payload: string): Promise<void> {
    this.attempts += 1;
    const error = this.errors.get(arn);
    if (error) {
      throw error;
    }
    this.invocations.push({ arn, payload });
  }

  messages(name: string): QueueMessage[] {
    return this.#store.db
      .prepare('SELECT message FROM fake_queue WHERE arn = ?')
      .all(queueArn(name))
      .map((row) => JSON.parse(String(row.message)) as QueueMessage);
  }

  bodies(name: string): string[] {
    return this.messages(name).map(({ body }) => body);
  }
}

export const throttled = new AwsError('ThrottlingException', 'Rate exceeded');
export const gone = new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');

export interface Bench {
  readonly store: Store;
  readonly clock: SteppedClock;
  readonly targets: FakeTargets;
  readonly eventBridge: EventBridge;
  readonly observations: Observation[];
  call(action: string, input?: JsonObject): Promise<JsonObject>;
  /** A rule on the default bus with one target. */
  rule(name: string, pattern: object, target: JsonObject, bus?: string): Promise<void>;
  /** Puts one event and returns its id. */
  put(detail: unknown, entry?: JsonObject): Promise<string>;
  /** A second process on the same store, started. */
  restart(): Bench;
}

/** EventBridge with a clock to step, in memory unless a directory is given. */
export function newBench({ directory, ...options }: BenchOptions = {}): Bench {
  return benchOn(openStore(directory), new SteppedClock(), {
    random: () => 0.5,
    // Requests take real time, and a busy machine is slow.
    apiTimeoutMs: 600_000,
    ...options,
  });
}

interface BenchOptions {
  readonly directory?: string;
  /** @default always 0.5 */
  readonly random?: () => number;
  /** @default 600,000 */
  readonly apiTimeoutMs?: number;
}

function benchOn(store: Store, clock: SteppedClock, options: BenchOptions): Bench {
  const targets = new FakeTargets(store);
  const observations: Observation[] = [];
  const eventBridge = new EventBridge({
    store,
    clock,
    region,
    accountId,
    targets,
    ...options,
    observe: (observation) => observations.push(observation),
  });
  eventBridge.start();
  const call = (action: string, input: JsonObject = {}) => eventBridge.call(action, input);
  return {
    store,
    clock,
    targets,
    eventBridge,
    observations,
    call,
    async rule(name, pattern, target, bus = 'default') {
      const EventPattern = JSON.stringify(pattern);
      await call('PutRule', { Name: name, EventPattern, EventBusName: bus });
      const Targets = [{ Id: 'target', ...target }];
      await call('PutTargets', { Rule: name, EventBusName: bus, Targets });
    },
    async put(detail, entry) {
      const Detail = typeof detail === 'string' ? detail : JSON.stringify(detail);
      const answer = await call('PutEvents', {
        Entries: [{ Source: 'test', DetailType: 'thing', Detail, ...entry }],
      });
      const [result] = answer.Entries as { EventId: string }[];
      return result?.EventId ?? '';
    },
    restart() {
      void eventBridge.close();
      return benchOn(store, clock, options);
    },
  };
}

/** The error of a refused action. */
export async function refusal(call: Promise<unknown>): Promise<AwsError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof AwsError) {
      return error;
    }
    throw error;
  }
  throw new Error('was not refused');
}
