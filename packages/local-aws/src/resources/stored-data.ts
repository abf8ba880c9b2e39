import { isDeepStrictEqual } from 'node:util';
import { AwsError, type JsonObject } from '../aws-service.ts';
import type { DynamoDb } from '../dynamodb/dynamo-db.ts';
import { generateSecret } from '../secrets/secrets-manager.ts';
import { TemplateError } from '../template/template.ts';
import {
  type Properties,
  physicalName,
  type ResourceContext,
  type ResourceType,
} from './resource-type.ts';

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

/** AWS::S3::Bucket */
export const bucket: ResourceType = {
  create(properties, context) {
    if (properties.NotificationConfiguration) {
      throw new TemplateError(
        `${context.logicalId} (AWS::S3::Bucket)`,
        'sends notifications, which the local run does not',
      );
    }
    const name = String(properties.BucketName ?? physicalName(context, 63).toLowerCase());
    context.services.objects.createBucket(name);
    return {
      ref: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: `${name}.s3.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${context.region}.amazonaws.com`,
      },
    };
  },
  async remove(name, { services: { objects } }) {
    if (objects.list(name, '', '', 1).length > 0) {
      return 'it holds objects';
    }
    objects.deleteBucket(name);
    return undefined;
  },
};

interface GenerateSecretString {
  readonly SecretStringTemplate?: string;
  readonly GenerateStringKey?: string;
  readonly PasswordLength?: number;
}

/** How a local run finds the value of a secret. */
interface LocalValue {
  /** Names of environment variables; the first that is set has the value. */
  readonly variables: readonly string[];
  /** The value when none of the variables is set. @default - generated, as in AWS */
  readonly default?: string;
}

/** Template metadata by which an app sets a secret's value for local runs. */
const localValueMetadata = 'fanout:local-value';

/** Default length of a generated secret (Secrets Manager API reference). */
const defaultLength = 32;

/** AWS::SecretsManager::Secret */
export const secret: ResourceType = {
  create(properties, context) {
    const name = String(properties.Name ?? physicalName(context, 512));
    const { secretsManager } = context.services;
    const declared = localValue(context) ?? (properties.SecretString as string | undefined);
    const arn = secretsManager.declare({
      name,
      declared,
      generate: () => generate((properties.GenerateSecretString ?? {}) as GenerateSecretString),
      description: properties.Description as string | undefined,
    });
    return { ref: arn, attributes: { Id: arn } };
  },
  async remove(arn, { services }) {
    services.secretsManager.remove(arn);
  },
};

function localValue({ metadata, environment }: ResourceContext): string | undefined {
  const local = metadata[localValueMetadata] as LocalValue | undefined;
  if (!local) {
    return undefined;
  }
  const set = local.variables.find((name) => environment[name]);
  return set === undefined ? local.default : environment[set];
}

function generate(settings: GenerateSecretString): string {
  const text = generateSecret(settings.PasswordLength ?? defaultLength);
  const { SecretStringTemplate: template, GenerateStringKey: key } = settings;
  if (!template || !key) {
    return text;
  }
  return JSON.stringify({ ...JSON.parse(template), [key]: text });
}

/**
 * AWS::SSM::Parameter. A value that was changed at run time stays until the template's value
 * changes, as CloudFormation does not undo drift.
 */
export const parameter: ResourceType = {
  create(properties, context) {
    const { logicalId, services } = context;
    const name = String(properties.Name ?? `CFN-${physicalName(context, 1_000)}`);
    const type = String(properties.Type);
    if (type !== 'String' && type !== 'StringList') {
      throw new TemplateError(
        logicalId,
        `is a parameter of the type ${type}; CloudFormation creates String and StringList only`,
      );
    }
    services.parameterStore.declare({
      name,
      type,
      value: String(properties.Value),
      description: properties.Description as string | undefined,
    });
    return { ref: name, attributes: { Type: type, Value: String(properties.Value) } };
  },
  async remove(name, { services }) {
    services.parameterStore.remove(name);
  },
};
