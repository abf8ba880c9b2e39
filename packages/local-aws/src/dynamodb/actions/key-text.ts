import type { JsonObject } from '../../aws-service.ts';
import { invalid } from '../dynamo-error.ts';
import { keyOfItem, keyOfRequest } from '../tables/key-of.ts';
import { checkItem } from '../values/check-value.ts';
import type { ServiceTables } from './describe-table.ts';

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
