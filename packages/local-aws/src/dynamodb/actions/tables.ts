import { AwsError, type JsonObject } from '../../aws-service.ts';
import { invalid, invalidValue } from '../dynamo-error.ts';
import { keyOfItem } from '../tables/key-of.ts';
import {
  checkName,
  listOf,
  readIndex,
  readTable,
  readTypes,
  type TableDefinition,
} from '../tables/table-definition.ts';
import type { Action, ServiceTables } from './action.ts';

/** CreateTable */
export const createTable: Action = (input, tables) => {
  const name = checkName(input.TableName, 'tableName');
  if (tables.catalog.find(name)) {
    throw new AwsError('ResourceInUseException', `Table already exists: ${name}`);
  }
  const { BillingMode = 'PROVISIONED', ProvisionedThroughput } = input;
  if (BillingMode === 'PROVISIONED' && !ProvisionedThroughput) {
    throw invalidValue(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  }
  const { TableName: _, ...given } = input;
  const table = tables.catalog.put({
    name,
    ...readTable(input),
    given,
    createdAt: tables.clock.now(),
  });
  return { TableDescription: describe(table, tables) };
};

/** DeleteTable */
export const deleteTable: Action = (input, tables) => {
  const table = tables.catalog.named(input.TableName);
  if (table.given.DeletionProtectionEnabled === true) {
    throw invalid(
      `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
    );
  }
  const TableDescription = { ...describe(table, tables), TableStatus: 'DELETING' };
  tables.store.transaction(() => {
    tables.items.clear(table);
    tables.catalog.remove(table.name);
  });
  return { TableDescription };
};

/** UpdateTable: billing, deletion protection, and global indexes added or removed. */
export const updateTable: Action = (input, tables) => {
  const table = tables.catalog.named(input.TableName);
  const changed = tables.store.transaction(() => {
    const changes = listOf(input.GlobalSecondaryIndexUpdates);
    const after = changes.reduce<TableDefinition>(
      (each, change) => changeIndex(each, change, input, tables),
      table,
    );
    const kept = ['BillingMode', 'ProvisionedThroughput', 'DeletionProtectionEnabled'] as const;
    const given = Object.fromEntries(
      kept.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]),
    );
    return tables.catalog.put({ ...after, given: { ...after.given, ...given } });
  });
  return { TableDescription: describe(changed, tables) };
};

/** ListTables */
export const listTables: Action = (input, { catalog }) => {
  const { Limit = 100, ExclusiveStartTableName = '' } = input;
  const names = catalog.names().filter((name) => name > String(ExclusiveStartTableName));
  const TableNames = names.slice(0, Number(Limit));
  return {
    TableNames,
    ...(names.length > TableNames.length ? { LastEvaluatedTableName: TableNames.at(-1) } : {}),
  };
};

function changeIndex(
  table: TableDefinition,
  change: JsonObject,
  input: JsonObject,
  { items }: ServiceTables,
): TableDefinition {
  const { Create, Delete } = change as Record<string, JsonObject | undefined>;
  const declared = listOf(table.given.GlobalSecondaryIndexes);
  if (Delete) {
    const name = String(Delete.IndexName);
    if (!table.indexes.some((index) => index.name === name && index.scope === 'global')) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Requested resource not found: Index: ${name.slice(0, 64)} not found`,
      );
    }
    items.clearIndex(table, name);
    return {
      ...table,
      indexes: table.indexes.filter((index) => index.name !== name),
      given: {
        ...table.given,
        GlobalSecondaryIndexes: declared.filter(({ IndexName }) => IndexName !== name),
      },
    };
  }
  if (!Create) {
    return table;
  }
  const types = { ...table.types, ...readTypes(input.AttributeDefinitions) };
  const index = readIndex(Create, 'global', types);
  if (table.indexes.some(({ name }) => name === index.name)) {
    throw invalidValue(`Duplicate index name: ${index.name}`);
  }
  const AttributeDefinitions = Object.entries(types).map(([AttributeName, AttributeType]) => ({
    AttributeName,
    AttributeType,
  }));
  const after = {
    ...table,
    types,
    indexes: [...table.indexes, index],
    given: {
      ...table.given,
      AttributeDefinitions,
      GlobalSecondaryIndexes: [...declared, Create],
    },
  };
  items.fillIndex(after, index, (item) => keyOfItem(after, item));
  return after;
}

/** DescribeTable */
export const describeTable: Action = (input, tables) => ({
  Table: describe(tables.catalog.named(input.TableName), tables),
});

/** A table as the API shows it. Here every table and index is active immediately. */
export function describe(table: TableDefinition, tables: ServiceTables): JsonObject {
  const { given, name, id, createdAt } = table;
  const onDemand = given.BillingMode === 'PAY_PER_REQUEST';
  const TableArn = `arn:aws:dynamodb:${tables.region}:${tables.accountId}:table/${name}`;
  const throughput = (of: JsonObject) => ({
    NumberOfDecreasesToday: 0,
    ReadCapacityUnits: 0,
    WriteCapacityUnits: 0,
    ...((of.ProvisionedThroughput as JsonObject | undefined) ?? {}),
  });
  const index = (of: JsonObject): JsonObject => ({
    IndexName: of.IndexName,
    KeySchema: of.KeySchema,
    Projection: of.Projection,
    IndexArn: `${TableArn}/index/${of.IndexName}`,
    IndexSizeBytes: 0,
    ItemCount: 0,
  });
  const indexes = (of: unknown, more: (of: JsonObject) => JsonObject) =>
    (of as readonly JsonObject[]).map((each) => ({ ...index(each), ...more(each) }));
  return {
    TableName: name,
    TableArn,
    TableId: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    TableStatus: 'ACTIVE',
    CreationDateTime: createdAt / 1000,
    AttributeDefinitions: given.AttributeDefinitions,
    KeySchema: given.KeySchema,
    ProvisionedThroughput: throughput(given),
    ItemCount: tables.items.count(table),
    TableSizeBytes: 0,
    DeletionProtectionEnabled: given.DeletionProtectionEnabled === true,
    ...(onDemand ? { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } } : {}),
    ...(hasMembers(given.GlobalSecondaryIndexes)
      ? {
          GlobalSecondaryIndexes: indexes(given.GlobalSecondaryIndexes, (each) => ({
            IndexStatus: 'ACTIVE',
            ProvisionedThroughput: throughput(each),
          })),
        }
      : {}),
    ...(hasMembers(given.LocalSecondaryIndexes)
      ? { LocalSecondaryIndexes: indexes(given.LocalSecondaryIndexes, () => ({})) }
      : {}),
  };
}

const hasMembers = (list: unknown) => Array.isArray(list) && list.length > 0;

/** TagResource */
export const tagResource: Action = (input, tables) => {
  const table = tables.catalog.named(input.ResourceArn);
  const added = listOf(input.Tags);
  const kept = tagsOf(table).filter(({ Key }) => !added.some((tag) => tag.Key === Key));
  return keep(table, [...kept, ...added], tables);
};

/** UntagResource */
export const untagResource: Action = (input, tables) => {
  const table = tables.catalog.named(input.ResourceArn);
  const gone = Array.isArray(input.TagKeys) ? input.TagKeys : [];
  return keep(
    table,
    tagsOf(table).filter(({ Key }) => !gone.includes(Key)),
    tables,
  );
};

/** ListTagsOfResource */
export const listTagsOfResource: Action = (input, { catalog }) => ({
  Tags: tagsOf(catalog.named(input.ResourceArn)),
});

function keep(
  table: TableDefinition,
  Tags: readonly JsonObject[],
  { catalog }: ServiceTables,
): JsonObject {
  catalog.put({ ...table, given: { ...table.given, Tags } });
  return {};
}

const tagsOf = ({ given }: TableDefinition) => listOf(given.Tags);

/** UpdateTimeToLive */
export const updateTimeToLive: Action = (input, tables) => {
  const table = tables.catalog.named(input.TableName);
  const { Enabled, AttributeName } = (input.TimeToLiveSpecification ?? {}) as JsonObject;
  if (typeof Enabled !== 'boolean' || typeof AttributeName !== 'string' || AttributeName === '') {
    throw invalid('TimeToLiveSpecification needs Enabled (a boolean) and AttributeName');
  }
  if (Enabled === (table.timeToLive !== undefined)) {
    throw invalid(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
  }
  setTimeToLive(table, Enabled ? AttributeName : undefined, tables);
  return { TimeToLiveSpecification: { Enabled, AttributeName } };
};

/** DescribeTimeToLive */
export const describeTimeToLive: Action = (input, { catalog }) => {
  const { timeToLive } = catalog.named(input.TableName);
  return {
    TimeToLiveDescription: timeToLive
      ? { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive }
      : { TimeToLiveStatus: 'DISABLED' },
  };
};

/**
 * Sets the attribute (epoch seconds) after which items of a table expire; `undefined`: they never
 * expire.
 */
export function setTimeToLive(
  table: TableDefinition,
  timeToLive: string | undefined,
  { store, catalog, items }: ServiceTables,
): void {
  if (table.timeToLive === timeToLive) {
    return;
  }
  store.transaction(() => items.expireBy(catalog.put({ ...table, timeToLive })));
}

/** Number of items that are removed without a pause, so that other requests do not wait long. */
const batch = 500;

/** Removes expired items until none is left or `signal` aborts. */
export async function removeExpired(tables: ServiceTables, signal: AbortSignal): Promise<void> {
  const { catalog, items, store, clock } = tables;
  const now = Math.floor(clock.now() / 1000);
  for (const { name } of catalog.all()) {
    let more = true;
    while (more && !signal.aborted) {
      more = store.transaction(() => {
        const table = catalog.find(name);
        const gone = table ? items.expired(table, now, batch) : [];
        for (const item of gone) {
          if (table) {
            items.remove(table, keyOfItem(table, item), item);
          }
        }
        return gone.length === batch;
      });
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
