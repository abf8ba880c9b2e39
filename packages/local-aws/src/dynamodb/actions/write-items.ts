import { AwsError, type JsonObject } from '../../aws-service.ts';
import {
  ConditionalCheckFailed,
  invalid,
  invalidValue,
  TransactionCanceled,
} from '../dynamo-error.ts';
import { applyUpdate, pathsOf } from '../expressions/apply-update.ts';
import { satisfies } from '../expressions/evaluate-condition.ts';
import { type Expressions, readExpressions } from '../expressions/read-expressions.ts';
import type { Path } from '../expressions/token-reader.ts';
import { type Key, keyOfItem, keyOfRequest, namesOf } from '../tables/key-of.ts';
import { listOf, type TableDefinition } from '../tables/table-definition.ts';
import { type Item, sizeOfItem } from '../values/attribute-value.ts';
import { checkItem } from '../values/check-value.ts';
import { project } from '../values/document-path.ts';
import {
  type Action,
  expectDistinct,
  keyText,
  type ServiceTables,
  transactionOf,
} from './action.ts';
import { consumedCapacity, requestsByTable, writeUnits } from './read-items.ts';

/** The item before and after a write. */
export interface Written {
  readonly table: TableDefinition;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  /** Paths that an update touched. */
  readonly touched: readonly Path[];
}

/** Maximum size of an item in bytes (DynamoDB developer guide, "Constraints", Items). */
const maxItemSize = 400 * 1_024;

/** Writes an item in place of the present one, if the condition holds. */
export function put(input: JsonObject, { catalog, items }: ServiceTables): Written {
  const table = catalog.named(input.TableName);
  const after = checkItem(input.Item);
  const expressions = readExpressions(input);
  const key = keyOfItem(table, after);
  if (sizeOfItem(after) > maxItemSize) {
    throw invalid('Item size has exceeded the maximum allowed size');
  }
  const needsBefore =
    expressions.condition || table.indexes.length > 0 || input.ReturnValues === 'ALL_OLD';
  const before = needsBefore ? items.get(table, key) : undefined;
  expectCondition(input, expressions, before);
  items.put(table, key, after, before);
  return { table, before, after, touched: [] };
}

/** Deletes an item, if the condition holds. A missing item is not an error. */
export function remove(input: JsonObject, { catalog, items }: ServiceTables): Written {
  const { table, key, before } = find(input, catalog, items);
  expectCondition(input, readExpressions(input), before);
  items.remove(table, key, before);
  return { table, before, after: undefined, touched: [] };
}

/** Updates an item, or creates it, if the condition holds. */
export function update(input: JsonObject, { catalog, items }: ServiceTables): Written {
  const { table, key, before, given } = find(input, catalog, items);
  const expressions = readExpressions(input);
  const { update: steps = [], placeholders } = expressions;
  const touched = pathsOf(steps, placeholders);
  for (const name of namesOf(table.key)) {
    if (touched.some(([first]) => first === name)) {
      throw invalidValue(`Cannot update attribute ${name}. This attribute is part of the key`);
    }
  }
  expectCondition(input, expressions, before);
  const after = checkItem(applyUpdate(steps, before ?? given, placeholders));
  if (sizeOfItem(after) > maxItemSize) {
    throw invalid('Item size to update has exceeded the maximum allowed size');
  }
  items.put(table, key, after, before);
  return { table, before, after, touched };
}

/** Checks a condition and writes nothing. */
export function check(input: JsonObject, { catalog, items }: ServiceTables): void {
  const { before } = find(input, catalog, items);
  const expressions = readExpressions(input);
  if (!expressions.condition) {
    throw invalid('The expression can not be empty;');
  }
  expectCondition(input, expressions, before);
}

function find(
  input: JsonObject,
  catalog: ServiceTables['catalog'],
  items: ServiceTables['items'],
): { table: TableDefinition; key: Key; before: Item | undefined; given: Item } {
  const table = catalog.named(input.TableName);
  const given = checkItem(input.Key);
  const key = keyOfRequest(table, given);
  return { table, key, given, before: items.get(table, key) };
}

function expectCondition(
  { ReturnValuesOnConditionCheckFailure }: JsonObject,
  { condition, placeholders }: Expressions,
  before: Item | undefined,
): void {
  if (!condition || satisfies(condition, before ?? {}, placeholders)) {
    return;
  }
  throw new ConditionalCheckFailed(
    ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? before : undefined,
  );
}

/** PutItem */
export const putItem: Action = (input, tables) => write(put, input, tables, oldOnly);

/** DeleteItem */
export const deleteItem: Action = (input, tables) => write(remove, input, tables, oldOnly);

/** UpdateItem */
export const updateItem: Action = (input, tables) => write(update, input, tables, every);

const oldOnly = ['NONE', 'ALL_OLD'];
const every = ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'];

function write(
  work: (input: JsonObject, tables: ServiceTables) => Written,
  input: JsonObject,
  tables: ServiceTables,
  allowed: readonly string[],
): JsonObject {
  const wanted = String(input.ReturnValues ?? 'NONE');
  if (!every.includes(wanted)) {
    throw invalid(
      `1 validation error detected: Value '${wanted.slice(0, 64)}' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [${every.join(', ')}]`,
    );
  }
  if (!allowed.includes(wanted)) {
    throw invalid('ReturnValues can only be ALL_OLD or NONE');
  }
  const written = tables.store.transaction(() => work(input, tables));
  const { before, after, table } = written;
  const Attributes = attributes(wanted, written);
  const bytes = Math.max(before ? sizeOfItem(before) : 0, after ? sizeOfItem(after) : 0);
  return {
    ...(Attributes && Object.keys(Attributes).length > 0 ? { Attributes } : {}),
    ...(input.ReturnConsumedCapacity ? consumedCapacity(input, table, writeUnits(bytes)) : {}),
  };
}

function attributes(wanted: string, { before, after, touched }: Written): Item | undefined {
  if (wanted === 'ALL_OLD') {
    return before;
  }
  if (wanted === 'ALL_NEW') {
    return after;
  }
  if (wanted === 'UPDATED_OLD') {
    return before && project(before, touched);
  }
  return wanted === 'UPDATED_NEW' ? after && project(after, touched) : undefined;
}

const works = { Put: put, Delete: remove, Update: update, ConditionCheck: check } as const;

/** TransactWriteItems: all or nothing, and once for each `ClientRequestToken`. */
export const transactWriteItems: Action = (input, tables) => {
  const actions = transactionOf(input).map((each) => {
    const [name, ...others] = Object.keys(works).filter((work) => each[work]);
    if (!name || others.length > 0) {
      throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
    }
    return { work: works[name as keyof typeof works], request: each[name] as JsonObject };
  });
  expectDistinct(
    actions.map(({ request }) => keyText(request, tables)),
    'Transaction request cannot include multiple operations on one item',
  );
  tables.store.transaction(() => {
    if (tables.tokens.isRepeated(input, tables.clock.now())) {
      return;
    }
    const reasons = actions.map(({ work, request }) => reasonOf(() => work(request, tables)));
    if (reasons.some(({ Code }) => Code !== 'None')) {
      throw new TransactionCanceled(reasons);
    }
  });
  return {};
};

function reasonOf(work: () => unknown): { readonly Code: string } & JsonObject {
  try {
    work();
    return { Code: 'None' };
  } catch (error) {
    if (error instanceof ConditionalCheckFailed) {
      return {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        ...error.fields,
      };
    }
    if (error instanceof AwsError && error.code === 'ValidationException') {
      return { Code: 'ValidationError', Message: error.message };
    }
    throw error;
  }
}

/** Writes of a batch at most (DynamoDB API reference, BatchWriteItem). */
const maxBatchWrites = 25;

/** BatchWriteItem. Everything is written here, so nothing is left unprocessed. */
export const batchWriteItem: Action = (input, tables) => {
  const writes = requestsByTable(input).flatMap(([TableName, requests]) =>
    listOf(requests).map((request) => ({ TableName, ...readWrite(request) })),
  );
  if (writes.length > maxBatchWrites) {
    throw invalid(
      `Too many items requested for the BatchWriteItem call: ${writes.length}, at most ${maxBatchWrites}`,
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
