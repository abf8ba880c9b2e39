import { isDeepStrictEqual } from 'node:util';
import { AwsError, type JsonObject } from '../aws-service.ts';
import type { DynamoDb } from '../dynamodb/dynamo-db.ts';
import { type Properties, physicalName, type ResourceType } from './resource-type.ts';

/** Properties that CreateTable accepts in the template's form. */
const tableProperties = [
  'AttributeDefinitions',
  'BillingMode',
  'DeletionProtectionEnabled',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'LocalSecondaryIndexes',
  'ProvisionedThroughput',
  'Tags',
] as const;

/** AWS::DynamoDB::Table. A table from an earlier start is updated to the declared properties. */
export const table: ResourceType = {
  async create(properties, context) {
    const { dynamoDb } = context.services;
    const TableName = String(properties.TableName ?? physicalName(context, 255));
    const given: JsonObject = Object.fromEntries(
      tableProperties
        .filter((name) => properties[name] !== undefined)
        .map((name) => [name, properties[name]]),
    );
    await dynamoDb.call('CreateTable', { TableName, ...given }).catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceInUseException') {
        throw error;
      }
      return change(dynamoDb, TableName, given);
    });
    const timeToLive = properties.TimeToLiveSpecification as Properties | undefined;
    const isEnabled = String(timeToLive?.Enabled) === 'true';
    dynamoDb.setTimeToLive(TableName, isEnabled ? String(timeToLive?.AttributeName) : undefined);
    const arn = `arn:aws:dynamodb:${context.region}:${context.accountId}:table/${TableName}`;
    return { ref: TableName, attributes: { Arn: arn } };
  },
  async remove(TableName, { services: { dynamoDb } }) {
    dynamoDb.setTimeToLive(TableName, undefined);
    await dynamoDb.call('DeleteTable', { TableName }).catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') {
        throw error;
      }
    });
  },
};

/** Adds and removes the global indexes of a table, as an update of a stack does. */
async function change(dynamoDb: DynamoDb, TableName: string, given: JsonObject): Promise<void> {
  const { Table } = (await dynamoDb.call('DescribeTable', { TableName })) as { Table: JsonObject };
  if (
    !isDeepStrictEqual(Table.KeySchema, given.KeySchema) ||
    !isDeepStrictEqual(shapes(Table.LocalSecondaryIndexes), shapes(given.LocalSecondaryIndexes))
  ) {
    throw new Error(
      `The table ${TableName} has another key or other local indexes than in the template, and these cannot be changed. ` +
        'Give the table another name, or begin with another --data directory.',
    );
  }
  const [had, wanted] = [Table.GlobalSecondaryIndexes, given.GlobalSecondaryIndexes].map(
    shapes,
  ) as [readonly JsonObject[], readonly JsonObject[]];
  const isIn = (list: readonly JsonObject[]) => (index: JsonObject) =>
    list.some((each) => isDeepStrictEqual(each, index));
  const gone = had.filter((index) => !isIn(wanted)(index));
  const added = wanted.filter((index) => !isIn(had)(index));
  const { BillingMode, ProvisionedThroughput, DeletionProtectionEnabled, AttributeDefinitions } =
    given;
  await dynamoDb.call('UpdateTable', {
    TableName,
    AttributeDefinitions,
    BillingMode,
    ProvisionedThroughput,
    DeletionProtectionEnabled,
    GlobalSecondaryIndexUpdates: [
      ...gone.map(({ IndexName }) => ({ Delete: { IndexName } })),
      ...added.map((index) => ({ Create: index })),
    ],
  });
}

/** The properties that identify an index. */
const shapes = (indexes: unknown): readonly JsonObject[] =>
  (Array.isArray(indexes) ? (indexes as JsonObject[]) : []).map(
    ({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }),
  );
