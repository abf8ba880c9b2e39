import { createHash } from 'node:crypto';
import type { JsonObject } from '../../aws-service.ts';
import { invalid, invalidValue } from '../dynamo-error.ts';
import { pathsIn } from '../expressions/condition.ts';
import { satisfies } from '../expressions/evaluate-condition.ts';
import { type Expressions, readExpressions } from '../expressions/read-expressions.ts';
import type { Walk } from '../tables/item-table.ts';
import { type Key, keyInIndex, keyOfItem, keyOfRequest, namesOf } from '../tables/key-of.ts';
import type { IndexDefinition, TableDefinition } from '../tables/table-definition.ts';
import { type Item, sizeOfItem } from '../values/attribute-value.ts';
import { checkItem } from '../values/check-value.ts';
import { project } from '../values/document-path.ts';
import type { Action } from './action.ts';
import { readKeyCondition } from './key-condition.ts';
import { consumedCapacity, readUnits } from './read-items.ts';

/** Query */
export const query: Action = (input, { catalog, items }) => {
  const table = catalog.named(input.TableName);
  const index = indexOf(input, table);
  const key = index?.key ?? table.key;
  const expressions = readExpressions(input);
  const { keyCondition, filter, placeholders } = expressions;
  if (!keyCondition) {
    throw invalid(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }
  for (const path of filter ? pathsIn(filter) : []) {
    const [name] = placeholders.resolve(path);
    if (namesOf(key).includes(String(name))) {
      throw invalid(
        `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`,
      );
    }
  }
  const walk = {
    index,
    ...readKeyCondition(keyCondition, key, table, placeholders),
    backwards: input.ScanIndexForward === false,
    after: readStart(input, table, index),
  };
  return readPage(input, table, index, expressions, items.walk(table, walk));
};

/** Scan. Items are in the order of their keys; DynamoDB's own order is by a hash. */
export const scan: Action = (input, { catalog, items }) => {
  const table = catalog.named(input.TableName);
  const index = indexOf(input, table);
  const expressions = readExpressions(input);
  const walk = { index, after: readStart(input, table, index) };
  return readPage(input, table, index, expressions, items.walk(table, walk), segmentOf(input));
};

/** Which keys are in the segment of a parallel scan. */
function segmentOf({ Segment, TotalSegments }: JsonObject): (key: Key) => boolean {
  if (Segment === undefined && TotalSegments === undefined) {
    return () => true;
  }
  if (Segment === undefined || TotalSegments === undefined) {
    throw invalid(
      'The Segment and TotalSegments parameters are required together: one of them is missing',
    );
  }
  const segment = Number(Segment);
  const total = Number(TotalSegments);
  if (!(Number.isInteger(segment) && segment >= 0 && segment < total && total <= 1_000_000)) {
    throw invalid(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
  }
  return ({ hash }) => createHash('sha1').update(hash).digest().readUInt32BE(0) % total === segment;
}

/** Maximum bytes that one Query or Scan reads (DynamoDB API reference, Query). */
const maxPageSize = 1_048_576;

/** The index that a request names; undefined when it reads the table itself. */
export function indexOf(input: JsonObject, table: TableDefinition): IndexDefinition | undefined {
  if (input.IndexName === undefined) {
    return undefined;
  }
  const index = table.indexes.find(({ name }) => name === input.IndexName);
  if (!index) {
    throw invalid(
      `The table does not have the specified index: ${String(input.IndexName).slice(0, 64)}`,
    );
  }
  if (index.scope === 'local') {
    return index;
  }
  if (input.ConsistentRead === true) {
    throw invalid('Consistent reads are not supported on global secondary indexes');
  }
  if (input.Select === 'ALL_ATTRIBUTES' && index.projection !== 'ALL') {
    throw invalidValue(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  }
  return index;
}

/** The start of a page, from its ExclusiveStartKey. */
function readStart(
  input: JsonObject,
  table: TableDefinition,
  index: IndexDefinition | undefined,
): Walk['after'] {
  if (input.ExclusiveStartKey === undefined || input.ExclusiveStartKey === null) {
    return undefined;
  }
  const start = checkItem(input.ExclusiveStartKey);
  const names = keyNames(table, index);
  if (
    Object.keys(start).length !== names.length ||
    !names.every((name) => Object.hasOwn(start, name))
  ) {
    throw invalid('The provided starting key is invalid');
  }
  const primary = Object.fromEntries(namesOf(table.key).map((name) => [name, start[name]])) as Item;
  const key = keyOfRequest(table, primary);
  return { key, place: (index && keyInIndex(table, index, start)) ?? key };
}

/** Reads items up to the page's limits, and returns the response of Query and Scan. */
export function readPage(
  input: JsonObject,
  table: TableDefinition,
  index: IndexDefinition | undefined,
  { filter, projection, placeholders }: Expressions,
  found: Iterable<Item>,
  isWanted: (key: Key) => boolean = () => true,
): JsonObject {
  const limit = readLimit(input.Limit);
  const paths = projection?.map((path) => placeholders.resolve(path));
  const Items: Item[] = [];
  let ScannedCount = 0;
  let bytes = 0;
  let Count = 0;
  let LastEvaluatedKey: Item | undefined;
  for (const item of found) {
    if (!isWanted(keyOfItem(table, item))) {
      continue;
    }
    const size = sizeOfItem(item);
    bytes += size;
    ScannedCount++;
    const seen = index ? projected(item, table, index, input.Select) : item;
    if (!filter || satisfies(filter, seen, placeholders)) {
      Count++;
      if (input.Select !== 'COUNT') {
        Items.push(paths ? project(seen, paths) : seen);
      }
    }
    if (ScannedCount < limit && bytes < maxPageSize) {
      continue;
    }
    LastEvaluatedKey = pick(item, keyNames(table, index));
    break;
  }
  return {
    ...(input.Select === 'COUNT' ? {} : { Items }),
    Count,
    ScannedCount,
    ...(LastEvaluatedKey ? { LastEvaluatedKey } : {}),
    ...consumedCapacity(input, table, readUnits(bytes, input.ConsistentRead === true)),
  };
}

function readLimit(input: unknown): number {
  if (input === undefined || input === null) {
    return Number.POSITIVE_INFINITY;
  }
  if (Number.isInteger(input) && (input as number) >= 1) {
    return input as number;
  }
  throw invalid(
    `1 validation error detected: Value '${String(input).slice(0, 32)}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
  );
}

/**
 * The attributes of an item that an index projects. A local index fetches the others from the table
 * when the request names them.
 */
function projected(
  item: Item,
  table: TableDefinition,
  index: IndexDefinition,
  select: unknown,
): Item {
  if (index.projection === 'ALL' || select === 'ALL_ATTRIBUTES') {
    return item;
  }
  return pick(item, [...keyNames(table, index), ...index.included]);
}

const keyNames = (table: TableDefinition, index: IndexDefinition | undefined) => [
  ...new Set([...(index ? namesOf(index.key) : []), ...namesOf(table.key)]),
];

const pick = (item: Item, names: readonly string[]): Item =>
  project(
    item,
    names.map((name) => [name]),
  );
