import type { JsonObject } from '../../aws-service.ts';
import { invalid } from '../dynamo-error.ts';
import { listOf } from '../list-of.ts';
import { sizeOfItem } from '../values/attribute-value.ts';
import { checkItem } from '../values/check-value.ts';
import type { Action } from './describe-table.ts';
import { getItem } from './get-item.ts';
import { expectDistinct, keyText } from './key-text.ts';

/** Limits of a batch: items, and bytes of the response (DynamoDB API reference, BatchGetItem). */
const maxReads = 100;
const maxResponseBytes = 16 * 1_048_576;

/** BatchGetItem */
export const batchGetItem: Action = (input, tables) => {
  const reads = requestsByTable(input).flatMap(([TableName, request]) => {
    const { Keys, ...rest } = request as JsonObject;
    return listOf(Keys).map((Key) => ({ TableName, Key, ...rest }));
  });
  if (reads.length > maxReads) {
    throw invalid(
      `Too many items requested for the BatchGetItem call: ${reads.length}, at most ${maxReads}`,
    );
  }
  expectDistinct(
    reads.map((read) => keyText(read, tables)),
    'Provided list of item keys contains duplicates',
  );
  const found = new Map<string, unknown[]>();
  const remaining = new Map<string, JsonObject & { Keys: unknown[] }>();
  let bytes = 0;
  for (const { TableName, Key, ...rest } of reads) {
    const { Item } = getItem({ TableName, Key, ...rest }, tables);
    if (Item) {
      bytes += sizeOfItem(checkItem(Item));
    }
    if (bytes > maxResponseBytes) {
      append(remaining, TableName, rest, Key);
    } else {
      found.set(TableName, [...(found.get(TableName) ?? []), ...(Item ? [Item] : [])]);
    }
  }
  return { Responses: Object.fromEntries(found), UnprocessedKeys: Object.fromEntries(remaining) };
};

function append(
  remaining: Map<string, JsonObject & { Keys: unknown[] }>,
  table: string,
  rest: JsonObject,
  key: unknown,
): void {
  remaining.set(table, { ...rest, Keys: [...(remaining.get(table)?.Keys ?? []), key] });
}

function requestsByTable({ RequestItems }: JsonObject): [string, unknown][] {
  const tables = Object.entries((RequestItems ?? {}) as JsonObject);
  if (tables.length > 0) {
    return tables;
  }
  throw invalid(
    "1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
}
