import type { JsonObject } from '../../aws-service.ts';
import { invalid } from '../dynamo-error.ts';
import { listOf } from '../list-of.ts';
import { sizeOfItem } from '../values/attribute-value.ts';
import { checkItem } from '../values/check-value.ts';
import type { Action } from './describe-table.ts';
import { getItem } from './get-item.ts';
import { expectDistinct, keyText } from './key-text.ts';
import { put, remove } from './write-item.ts';

/** Limits of a batch (DynamoDB API reference, BatchWriteItem and BatchGetItem). */
const maxWrites = 25;
const maxReads = 100;
const maxAnswerSize = 16 * 1_048_576;

/** BatchWriteItem. Here all is written, so that nothing is left unprocessed. */
export const batchWriteItem: Action = (input, tables) => {
  const writes = requestsByTable(input).flatMap(([TableName, requests]) =>
    listOf(requests).map((request) => ({ TableName, ...readWrite(request) })),
  );
  if (writes.length > maxWrites) {
    throw invalid(
      `Too many items requested for the BatchWriteItem call: ${writes.length}, at most ${maxWrites}`,
    );
  }
  expectDistinct(
    writes.map((write) => keyText(write, tables)),
    'Provided list of item keys contains duplicates',
  );
  tables.store.transaction(() => {
    for (const write of writes) {
      (write.Item ? put : remove)(write, tables);
    }
  });
  return { UnprocessedItems: {} };
};

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
    if (bytes > maxAnswerSize) {
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

function readWrite(request: JsonObject): { readonly Item?: unknown; readonly Key?: unknown } {
  const { PutRequest, DeleteRequest } = request as Record<string, JsonObject | undefined>;
  if (PutRequest && !DeleteRequest) {
    return { Item: PutRequest.Item };
  }
  if (DeleteRequest && !PutRequest) {
    return { Key: DeleteRequest.Key };
  }
  throw invalid(
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  );
}
