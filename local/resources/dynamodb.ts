import { AwsError } from '../aws-service.ts';
import { type Properties, physicalName, type ResourceType } from './resource-type.ts';

/** What CreateTable takes as the template has it. */
const tableProperties = [
  'AttributeDefinitions',
  'BillingMode',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'LocalSecondaryIndexes',
  'ProvisionedThroughput',
] as const;

/** AWS::DynamoDB::Table. A table that is there from an earlier start stays as it is. */
export const table: ResourceType = {
  async create(properties, context) {
    const { dynamoDb } = context.services;
    const TableName = String(properties.TableName ?? physicalName(context, 255));
    const given = Object.fromEntries(
      tableProperties
        .filter((name) => properties[name] !== undefined)
        .map((name) => [name, properties[name]]),
    );
    await dynamoDb.call('CreateTable', { TableName, ...given }).catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceInUseException') throw error;
    });
    const timeToLive = properties.TimeToLiveSpecification as Properties | undefined;
    if (String(timeToLive?.Enabled) === 'true')
      dynamoDb.expire(TableName, String(timeToLive?.AttributeName));
    const arn = `arn:aws:dynamodb:${context.region}:${context.accountId}:table/${TableName}`;
    return { ref: TableName, attributes: { Arn: arn } };
  },
  async remove(TableName, { services: { dynamoDb } }) {
    dynamoDb.keep(TableName);
    await dynamoDb.call('DeleteTable', { TableName }).catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
    });
  },
};
