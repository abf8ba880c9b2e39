import { consumerMetrics } from '../../events/names.ts';
import { requiredEnvironment, tableClient } from './aws-clients.ts';
import { count } from './count.ts';
import { type Holding, type IdempotencyRecord, IdempotencyTable } from './idempotency-table.ts';

/**
 * Thrown for an event that an invocation started and did not finish: whether its effect happened is unknown.
 */
export class InDoubtError extends Error {
  constructor() {
    super('The event was begun before, and may have been done.');
    this.name = 'InDoubtError';
  }
}

/** Thrown for an event that another invocation is processing. */
export class InProgressError extends Error {
  /** Milliseconds until the lease of that invocation ends. @default - unknown */
  readonly leaseEndsInMs: number | undefined;

  constructor(record: IdempotencyRecord | undefined, now: number) {
    super('The event is being handled.');
    this.name = 'InProgressError';
    this.leaseEndsInMs = record && record.inProgressExpiration - now;
  }
}

/** The key of an event that is processed at most once. */
export interface OnceKey {
  readonly id: string;
  /** Hash of the event's content. The same id with other content is another effect. */
  readonly fingerprint: string;
  /** Whether an operator has redriven the message. */
  readonly isRedriven: boolean;
}

/**
 * Ensures at most one effect for each event id and content. The record is acquired before the work starts. If
 * the function is ended meanwhile, the record remains, so that the event is not processed a second time by
 * accident.
 */
export class Once {
  readonly #table: IdempotencyTable;
  readonly #consumer: string;
  /**
   * Tokens, by event, of records that this process may still hold although no work was done, because the
   * response to acquiring or releasing them was lost. The next attempt uses the same token, and so recognizes
   * the record as its own. The number is limited by the events that fail before their next delivery.
   */
  readonly #undone = new Map<string, string>();

  /** @param consumer name of the consumer; each consumer has its own records */
  constructor(table: IdempotencyTable, consumer: string) {
    this.#table = table;
    this.#consumer = consumer;
  }

  /**
   * Runs the work unless it was done before.
   *
   * @param wasDone finds out whether the effect of an event that was started and not finished has happened
   * @throws InProgressError, InDoubtError, and what the work throws
   */
  async run(
    key: OnceKey,
    work: () => Promise<void>,
    wasDone?: () => Promise<boolean>,
  ): Promise<void> {
    const holding = await this.#acquire(key, wasDone);
    if (!holding) {
      count(consumerMetrics.alreadyDone, 1, { Consumer: process.env.CONSUMER ?? '' });
      return;
    }
    try {
      await work();
    } catch (error) {
      await this.#release(holding);
      throw error;
    }
    await this.#table.complete(holding);
  }

  /** Acquires the event's record. Undefined if the event is already done. */
  async #acquire(
    { id, fingerprint, isRedriven }: OnceKey,
    wasDone?: () => Promise<boolean>,
  ): Promise<Holding | undefined> {
    const variant = { key: { id: `${this.#consumer}#${id}` }, variant: fingerprint, data: '' };
    const { isAcquired, holding, records } = await this.#attempt(variant);
    if (isAcquired) {
      return holding;
    }
    const ofVariant = (all: readonly IdempotencyRecord[]) =>
      all.find((each) => each.variant === fingerprint);
    const record = ofVariant(records);
    if (record?.status === 'COMPLETED') {
      return undefined;
    }
    if (!record || record.inProgressExpiration > this.#table.now()) {
      throw new InProgressError(record, this.#table.now());
    }
    if (!wasDone && !isRedriven) {
      throw new InDoubtError();
    }
    if (wasDone && (await wasDone())) {
      await this.#table.complete({ ...holding, token: record.token });
      return undefined;
    }
    const taken = await this.#attempt(variant, true);
    if (!taken.isAcquired) {
      throw new InProgressError(ofVariant(taken.records), this.#table.now());
    }
    return taken.holding;
  }

  async #attempt(variant: Parameters<IdempotencyTable['acquire']>[0], acquiresAfterLease = false) {
    const name = undoneName({ ...variant, token: '' });
    const token = this.#undone.get(name) ?? crypto.randomUUID();
    this.#undone.delete(name);
    try {
      return await this.#table.acquire(variant, { token, acquiresAfterLease });
    } catch (error) {
      // No work was done, but the record may have been written.
      await this.#release({ ...variant, token });
      throw error;
    }
  }

  async #release(holding: Holding): Promise<void> {
    try {
      await this.#table.release(holding);
    } catch {
      this.#undone.set(undoneName(holding), holding.token);
    }
  }
}

const undoneName = ({ key, variant }: Holding) => JSON.stringify([key, variant]);

/**
 * Days for which a record is kept: longer than an event can be in a consumer's queue (at most 13) and then in
 * its dead-letter queue (14).
 */
const retentionDays = 28;

/** The table of a consumer's idempotency records, one item for each event. */
export function idempotencyRecords(
  options: Omit<ConstructorParameters<typeof IdempotencyTable>[0], 'retentionMs'>,
): IdempotencyTable {
  return new IdempotencyTable({ ...options, retentionMs: retentionDays * 86_400_000 });
}

/**
 * Creates {@link Once} from the environment variables. Undefined unless the consumer's row has `idempotent`.
 */
export function onceFromEnvironment(): Once | undefined {
  const tableName = process.env.IDEMPOTENCY_TABLE;
  if (!tableName) {
    return undefined;
  }
  const leaseMs = Number(requiredEnvironment('TIMEOUT_SECONDS')) * 1000;
  const table = idempotencyRecords({
    client: () => tableClient('idempotency'),
    ...{ tableName, leaseMs },
  });
  return new Once(table, requiredEnvironment('CONSUMER'));
}
