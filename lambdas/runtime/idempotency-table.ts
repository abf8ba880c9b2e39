import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/**
 * One idempotency record, in the terms of Powertools for AWS Lambda. An item has one record for each variant
 * of its key: another event type, other content, or another spelling of the same parties.
 */
export interface IdempotencyRecord {
  /** Name of the record within its item. */
  readonly variant: string;
  readonly status: 'INPROGRESS' | 'COMPLETED';
  /** Identifies the attempt that acquired the record last. */
  readonly token: string;
  /**
   * Epoch milliseconds at which the lease ends: after this the invocation that acquired the record has
   * certainly ended. 0 for a released record. The record expires the table's retention time later.
   */
  readonly inProgressExpiration: number;
  /** Data that the caller stores with the record. */
  readonly data: string;
}

/** A record to acquire. */
export interface Variant {
  /** The item's key attributes. */
  readonly key: Readonly<Record<string, string>>;
  /** See {@link IdempotencyRecord.variant}. */
  readonly variant: string;
  /** Data to store with a new record. */
  readonly data: string;
}

/** A record that this process has acquired or tried to acquire. */
export interface Holding {
  readonly key: Readonly<Record<string, string>>;
  readonly variant: string;
  readonly token: string;
}

/** The result of {@link IdempotencyTable.acquire}. */
export interface Acquisition {
  /** Whether this process now holds the record. Otherwise it is COMPLETED, or INPROGRESS elsewhere. */
  readonly isAcquired: boolean;
  readonly holding: Holding;
  /** All records of the item that have not expired, in the order in which they were first acquired. */
  readonly records: readonly IdempotencyRecord[];
}

/** Options of {@link IdempotencyTable.acquire}. */
export interface AcquireOptions {
  /** Identifies the attempt. @default - a new token */
  readonly token?: string | undefined;
  /**
   * Whether to acquire an INPROGRESS record whose lease has ended.
   *
   * @default true
   */
  readonly acquiresAfterLease?: boolean | undefined;
}

/** Options of {@link IdempotencyTable}. */
export interface IdempotencyTableOptions {
  readonly client: () => DynamoDBClient;
  readonly tableName: string;
  /** Milliseconds of a lease: after this an invocation that acquired a record has certainly ended. */
  readonly leaseMs: number;
  /** Milliseconds for which a record is kept. @default - forever */
  readonly retentionMs?: number | undefined;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined;
}

/** The attribute that lists the variants in the order of their acquisition. No variant has this name. */
const orderAttribute = 'order';

/**
 * Maximum number of records in one item. Only a sender that uses one id for everything has more; each further
 * record is then in an item of its own.
 */
export const maxVariants = 32;

/**
 * Idempotency records in DynamoDB: acquire before the effect, then complete, or release if there was no
 * effect. Acquiring is one conditional write, so DynamoDB decides between simultaneous attempts, and its
 * response contains all earlier records. If a response is lost, the SDK sends the write again; the condition
 * then fails because of the first write, and the token shows that it was our own.
 *
 * @example
 * const { isAcquired, holding } = await table.acquire({ key: { id }, variant: 'paid', data: '' });
 * if (isAcquired) {
 *   await work();
 *   await table.complete(holding);
 * }
 */
export class IdempotencyTable {
  readonly #options: IdempotencyTableOptions;

  constructor(options: IdempotencyTableOptions) {
    this.#options = options;
  }

  /** Epoch milliseconds. */
  now(): number {
    return (this.#options.now ?? Date.now)();
  }

  /**
   * Acquires a record unless another attempt holds or has completed it. Throws if the table does not respond.
   */
  async acquire(
    { key, variant, data }: Variant,
    { token = randomUUID(), acquiresAfterLease = true }: AcquireOptions = {},
  ): Promise<Acquisition> {
    const { leaseMs, retentionMs } = this.#options;
    const now = this.now();
    const inProgressExpiration = now + leaseMs;
    const record = { status: 'INPROGRESS', token, inProgressExpiration, data };
    const holding = { key, variant, token };
    const orAfterLease = acquiresAfterLease
      ? ' OR (#variant.#status = :inProgress AND #variant.inProgressExpiration <= :now)'
      : '';
    const { isWritten, before } = await this.#update(key, {
      UpdateExpression: `SET #variant = :record, #order = list_append(if_not_exists(#order, :none), :variants)${
        retentionMs === undefined ? '' : ', expiresAt = :expiresAt'
      }`,
      ConditionExpression:
        '(attribute_not_exists(#variant) AND (attribute_not_exists(#order) OR size(#order) < :max))' +
        ` OR #variant.inProgressExpiration <= :expired${orAfterLease}`,
      ExpressionAttributeNames: {
        '#variant': variant,
        '#order': orderAttribute,
        ...(acquiresAfterLease && { '#status': 'status' }),
      },
      ExpressionAttributeValues: marshall({
        ':record': record,
        ':none': [],
        ':variants': [variant],
        ':max': maxVariants,
        ':expired': this.#expired(now),
        ...(acquiresAfterLease && { ':inProgress': 'INPROGRESS', ':now': now }),
        ...(retentionMs !== undefined && { ':expiresAt': this.#expiresAt(now) }),
      }),
      ReturnValues: 'ALL_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const order = [...((before[orderAttribute] ?? []) as readonly string[]), variant];
    const item = isWritten ? { ...before, [variant]: record, [orderAttribute]: order } : before;
    const records = readRecords(item, this.#expired(now));
    const held = records.find((each) => each.variant === variant);
    if (held) {
      return { isAcquired: held.token === token, holding, records };
    }
    const own = await this.acquire(
      { key: overflowKey(key, variant), variant, data },
      { token, acquiresAfterLease },
    );
    return { ...own, records: [...records, ...own.records] };
  }

  /**
   * Completes a record: the effect has happened.
   *
   * @returns false if another attempt has acquired the record since, or nothing was acquired
   */
  complete(holding: Holding): Promise<boolean> {
    return this.#change(holding, 'status', 'COMPLETED');
  }

  /**
   * Releases a record: nothing has happened, and the next attempt need not wait. The record keeps its
   * position in the order.
   */
  release(holding: Holding): Promise<boolean> {
    return this.#change(holding, 'inProgressExpiration', 0);
  }

  async #change(
    { key, variant, token }: Holding,
    attribute: keyof IdempotencyRecord,
    value: string | number,
  ): Promise<boolean> {
    const { isWritten } = await this.#update(key, {
      UpdateExpression: 'SET #variant.#attribute = :value',
      ConditionExpression: '#variant.#token = :token',
      ExpressionAttributeNames: {
        '#variant': variant,
        '#attribute': attribute,
        '#token': 'token',
      },
      ExpressionAttributeValues: marshall({ ':value': value, ':token': token }),
    });
    return isWritten;
  }

  /** Returns `before`, if requested: the item before the write, or the current item if the condition failed. */
  async #update(
    key: Readonly<Record<string, string>>,
    request: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>,
  ): Promise<{ readonly isWritten: boolean; readonly before: Item }> {
    const { client, tableName } = this.#options;
    try {
      const { Attributes = {} } = await client().send(
        new UpdateItemCommand({ TableName: tableName, Key: marshall(key), ...request }),
      );
      return { isWritten: true, before: unmarshall(Attributes) };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) {
        throw error;
      }
      return { isWritten: false, before: unmarshall(error.Item ?? {}) };
    }
  }

  /**
   * Epoch milliseconds: a record whose lease ended before this time has expired. A released record does not
   * expire.
   */
  #expired(now: number): number {
    return Math.max(0, now - (this.#options.retentionMs ?? now));
  }

  /**
   * Epoch seconds after which DynamoDB removes the item, which may take days (DynamoDB Developer Guide, "Time
   * to Live").
   */
  #expiresAt(now: number): number {
    const { leaseMs, retentionMs = 0 } = this.#options;
    return Math.ceil((now + leaseMs + retentionMs) / 1000);
  }
}

/** An item's attributes as JavaScript values. */
type Item = Readonly<Record<string, unknown>>;

function readRecords(item: Item, expired: number): IdempotencyRecord[] {
  const variants = new Set((item[orderAttribute] ?? []) as readonly string[]);
  return [...variants].flatMap((variant) => {
    const record = item[variant] as Omit<IdempotencyRecord, 'variant'> | undefined;
    if (!record) {
      return [];
    }
    const { inProgressExpiration } = record;
    const isExpired = inProgressExpiration > 0 && inProgressExpiration <= expired;
    return isExpired ? [] : [{ variant, ...record }];
  });
}

/** The key of the additional item for one variant whose main item is full. */
function overflowKey(key: Readonly<Record<string, string>>, variant: string) {
  const entries = Object.entries(key);
  return Object.fromEntries(
    entries.map(([name, value], index) =>
      index === entries.length - 1 ? [name, `${value}#${variant}`] : [name, value],
    ),
  );
}
