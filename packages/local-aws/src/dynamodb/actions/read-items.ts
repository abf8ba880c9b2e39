import type { JsonObject } from '../../aws-service.ts';
import { invalid } from '../dynamo-error.ts';
import { readExpressions } from '../expressions/read-expressions.ts';
import { keyOfRequest } from '../tables/key-of.ts';
import { listOf, type TableDefinition } from '../tables/table-definition.ts';
import { sizeOfItem } from '../values/attribute-value.ts';
import { checkItem } from '../values/check-value.ts';
import { project } from '../values/document-path.ts';
import { type Action, expectDistinct, keyText, transactionOf } from './action.ts';

/** GetItem */
export const getItem: Action = (input, { catalog, items }) => {
  const table = catalog.named(input.TableName);
  const { projection, placeholders } = readExpressions(input);
  const item = items.get(table, keyOfRequest(table, checkItem(input.Key)));
  const shown =
    item && projection
      ? project(
          item,
          projection.map((path) => placeholders.resolve(path)),
        )
      : item;
  const units = () => readUnits(item ? sizeOfItem(item) : 0, input.ConsistentRead === true);
  return {
    ...(shown ? { Item: shown } : {}),
    ...(input.ReturnConsumedCapacity ? consumedCapacity(input, table, units()) : {}),
  };
};

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

/** TransactGetItems */
export const transactGetItems: Action = (input, tables) => ({
  Responses: transactionOf(input).map((each) =>
    getItem({ ...(each.Get as JsonObject), ConsistentRead: true }, tables),
  ),
});

function append(
  remaining: Map<string, JsonObject & { Keys: unknown[] }>,
  table: string,
  rest: JsonObject,
  key: unknown,
): void {
  remaining.set(table, { ...rest, Keys: [...(remaining.get(table)?.Keys ?? []), key] });
}

/** The requests of a batch, by table. */
export function requestsByTable({ RequestItems }: JsonObject): [string, unknown][] {
  const tables = Object.entries((RequestItems ?? {}) as JsonObject);
  if (tables.length > 0) {
    return tables;
  }
  throw invalid(
    "1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
}

/** Bytes of one unit (DynamoDB developer guide, "Read and write capacity unit consumption"). */
const writeUnit = 1_024;
const readUnit = 4_096;

/** Units for writing an item of this size in bytes. */
export const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / writeUnit));

/** Units for reading this number of bytes. */
export const readUnits = (bytes: number, consistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / readUnit)) / (consistent ? 1 : 2);

/** `ConsumedCapacity` of the response, if the request has it. Indexes are not counted. */
export function consumedCapacity(
  { ReturnConsumedCapacity }: JsonObject,
  { name: TableName }: TableDefinition,
  CapacityUnits: number,
): JsonObject {
  if (ReturnConsumedCapacity !== 'TOTAL' && ReturnConsumedCapacity !== 'INDEXES') {
    return {};
  }
  const Table = ReturnConsumedCapacity === 'INDEXES' ? { Table: { CapacityUnits } } : {};
  return { ConsumedCapacity: { TableName, CapacityUnits, ...Table } };
}
