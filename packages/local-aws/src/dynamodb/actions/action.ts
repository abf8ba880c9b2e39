import type { JsonObject } from '../../aws-service.ts';
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
