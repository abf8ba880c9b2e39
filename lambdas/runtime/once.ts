import { consumerMetrics } from '../../events/names.ts';
import { tableClient } from './aws-clients.ts';
import { count } from './count.ts';
import { requiredEnvironment } from './environment.ts';
import { type Holding, IdempotencyTable } from './idempotency-table.ts';

/** An invocation began the event and never finished, so it is unknown whether its effect happened. */
export class InDoubtError extends Error {
  constructor() {
    super('The event was begun before, and may have been done.');
    this.name = 'InDoubtError';
  }
}

/** Another invocation is processing this event. */
export class InProgressError extends Error {
  constructor() {
    super('The event is being handled.');
    this.name = 'InProgressError';
  }
}

/** An event that is processed at most once. */
export interface OnceKey {
  readonly id: string;
  /** Hash of what the event says: the same id with other content is another effect. */
  readonly fingerprint: string;
  /** Whether an operator has redriven it. */
  readonly isRedriven: boolean;
}

/**
 * At most one effect for each event id and content. The record is acquired before the work begins: a
 * function that is killed in the middle leaves it behind, and the event is not simply done again.
 */
export class Once {
  readonly #table: IdempotencyTable;
  readonly #consumer: string;
  /**
   * Tokens of records that this process may still hold although nothing was done under them, by event:
   * the answer to acquiring or to releasing them was lost. The next attempt uses the token again, and
   * so knows the record as its own. Bounded by the events that fail before their next delivery.
   */
  readonly #undone = new Map<string, string>();

  /** @param consumer its records are apart from those of other consumers */
  constructor(table: IdempotencyTable, consumer: string) {
    this.#table = table;
    this.#consumer = consumer;
  }

  /**
   * Runs the work unless it was done before.
   *
   * @param wasDone finds out whether an event that was begun and never finished was done
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

  /** Undefined: it was done. */
  async #acquire(
    { id, fingerprint, isRedriven }: OnceKey,
    wasDone?: () => Promise<boolean>,
  ): Promise<Holding | undefined> {
    const variant = { key: { id: `${this.#consumer}#${id}` }, variant: fingerprint, data: '' };
    const { isAcquired, holding, records } = await this.#attempt(variant);
    if (isAcquired) {
      return holding;
    }
    const record = records.find((each) => each.variant === fingerprint);
    if (record?.status === 'COMPLETED') {
      return undefined;
    }
    if (!record || record.inProgressExpiration > this.#table.now()) {
      throw new InProgressError();
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
      throw new InProgressError();
    }
    return taken.holding;
  }

  async #attempt(variant: Parameters<IdempotencyTable['acquire']>[0], takesOver = false) {
    const name = undoneName({ ...variant, token: '' });
    const token = this.#undone.get(name) ?? crypto.randomUUID();
    this.#undone.delete(name);
    try {
      return await this.#table.acquire(variant, { token, takesOver });
    } catch (error) {
      // Nothing was begun, but the record may have been written.
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
 * Days that a record is kept: longer than an event can wait in a consumer's queue (at most 13) and
 * then in its dead-letter queue (14).
 */
const retentionDays = 28;

/** A consumer's idempotency records, one item for each event. */
export function idempotencyRecords(
  options: Omit<ConstructorParameters<typeof IdempotencyTable>[0], 'retentionMs'>,
): IdempotencyTable {
  return new IdempotencyTable({ ...options, retentionMs: retentionDays * 86_400_000 });
}

/** Once as the stack has set it up: for a consumer whose row says `idempotent`, else undefined. */
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
