import type { JsonObject } from '../../aws-service.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import type { ItemTable } from '../tables/item-table.ts';
import type { TableCatalog } from '../tables/table-catalog.ts';
import type { TableDefinition } from '../tables/table-definition.ts';

/** DescribeTable */
export const describeTable: Action = (input, tables) => ({
  Table: describe(tables.catalog.named(input.TableName), tables),
});

/** A table as the API shows it. Every table and index is active at once here. */
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
