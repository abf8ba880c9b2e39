import { hash } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import { AwsError, type JsonObject } from '../../aws-service.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import { invalid } from '../dynamo-error.ts';
import type { ItemTable, TableCatalog } from '../tables/item-table.ts';
import { keyOfItem, keyOfRequest } from '../tables/key-of.ts';
import { checkItem } from '../values/check-value.ts';

/** The state that the actions work on. */
export interface ServiceTables {
  readonly store: Store;
  readonly catalog: TableCatalog;
  readonly items: ItemTable;
  readonly tokens: TransactionTokens;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
}

/**
 * One action of the API: takes the request's body, returns the response's body; throws DynamoDB's
 * errors.
 */
export type Action = (input: JsonObject, tables: ServiceTables) => JsonObject;

/** The table and key of an item in a batch or transaction, as text for comparison. */
export function keyText({ TableName, Item, Key }: JsonObject, { catalog }: ServiceTables): string {
  const table = catalog.named(TableName);
  const key = Item ? keyOfItem(table, checkItem(Item)) : keyOfRequest(table, checkItem(Key));
  return `${table.id} ${key.hash.toString('hex')} ${key.range.toString('hex')}`;
}

/** @throws with the message when two parts name the same item */
export function expectDistinct(keys: readonly string[], message: string): void {
  if (new Set(keys).size < keys.length) {
    throw invalid(message);
  }
}

/** Maximum number of actions in one transaction (DynamoDB API reference, TransactWriteItems). */
const maxActions = 100;

/** The `TransactItems` of a request. */
export function transactionOf({ TransactItems }: JsonObject): readonly JsonObject[] {
  const actions = Array.isArray(TransactItems) ? (TransactItems as JsonObject[]) : [];
  if (actions.length >= 1 && actions.length <= maxActions) {
    return actions;
  }
  throw invalid(
    `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length between 1 and ${maxActions}`,
  );
}

/** "A client request token is valid for 10 minutes" (DynamoDB API reference, TransactWriteItems). */
const tokenLifetimeMs = 10 * 60_000;
const maxTokenLength = 36;

/** The tokens of recent transactions, by which a transaction that is sent again is recognized. */
export class TransactionTokens {
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #expire: StatementSync;

  constructor({ db }: Store) {
    db.exec(`CREATE TABLE IF NOT EXISTS dynamodb_tokens (
      token TEXT PRIMARY KEY, request TEXT NOT NULL, time INTEGER NOT NULL) STRICT, WITHOUT ROWID`);
    this.#find = db.prepare('SELECT request FROM dynamodb_tokens WHERE token = ?');
    this.#put = db.prepare('INSERT INTO dynamodb_tokens VALUES (?, ?, ?)');
    this.#expire = db.prepare('DELETE FROM dynamodb_tokens WHERE time <= ?');
  }

  /**
   * Whether this transaction was written before. Else records its token, within the transaction of the caller.
   * Throws when the token belongs to another request.
   */
  isRepeated({ ClientRequestToken: token, TransactItems }: JsonObject, now: number): boolean {
    if (token === undefined || token === null) {
      return false;
    }
    if (typeof token !== 'string' || token === '' || token.length > maxTokenLength) {
      throw invalid(
        `1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must have length between 1 and ${maxTokenLength}`,
      );
    }
    this.#expire.run(Math.floor(now) - tokenLifetimeMs);
    const request = hash('sha256', JSON.stringify(TransactItems));
    const before = this.#find.get(token)?.request;
    if (before === undefined) {
      this.#put.run(token, request, Math.floor(now));
      return false;
    }
    if (before !== request) {
      throw new AwsError(
        'IdempotentParameterMismatchException',
        'The request has the client request token of an earlier request, and other parameters.',
      );
    }
    return true;
  }
}
