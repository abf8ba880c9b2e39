import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { identityKey, identityTableNameOf } from '../events/identity/identity-item.ts';
import { keyAttributes } from '../events/state/state-keys.ts';
import type { ConsumerRow, FunctionConsumer } from './consumer-row.ts';
import { tableEncryption } from './encryption.ts';
import { acknowledge } from './nag.ts';
import { retainsData, type Settings } from './settings.ts';

/**
 * Creates a table of short-lived records: one item for each `id`, removed after `expiresAt` (epoch seconds).
 * It is billed on demand, encrypted, and not backed up: expired records are not needed, and without the table
 * events are still published, marked as not deduplicated.
 *
 * @param tableName @default - CloudFormation generates one
 */
export function createExpiringTable(scope: Construct, id: string, tableName?: string): Table {
  const table = new Table(scope, id, {
    tableName,
    partitionKey: { name: 'id', type: AttributeType.STRING },
    timeToLiveAttribute: 'expiresAt',
    billingMode: BillingMode.PAY_PER_REQUEST,
    ...tableEncryption(scope),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  acknowledge(table, {
    'AwsSolutions-DDB3':
      'Notes that expire within days; a restored copy of them would be outdated.',
  });
  return table;
}

/**
 * The condition that a request names partition keys, and only these. Without Null a request that names none would
 * be allowed (IAM User Guide, "Single-valued vs. multivalued context keys").
 */
export const onlyKeys = (operator: 'StringEquals' | 'StringLike', keys: readonly string[]) => ({
  [`ForAllValues:${operator}`]: { 'dynamodb:LeadingKeys': keys },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

/** Allows a consumer to read and write its own idempotency records, and no others. */
export function ownRecords(table: ITable, consumer: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['dynamodb:UpdateItem'],
    resources: [table.tableArn],
    conditions: onlyKeys('StringLike', [`${consumer}#*`]),
  });
}

/**
 * The removal policy of data that exists nowhere else. It applies when the stack or the resource is deleted.
 * Resources of a failed first deployment have no data and are deleted, so that the deployment can be
 * repeated.
 */
export const dataRemovalOf = (
  settings: Pick<Settings, 'stage' | 'dataOnDestroy'>,
): RemovalPolicy =>
  retainsData(settings) ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;

/** Name of a stage's state table. */
export const stateTableName = (stage: string) => `whatsapp-${stage}-state`;

/**
 * Creates the table in which consumers keep state; docs/state.md describes its items. It is billed on demand,
 * encrypted, and has point-in-time recovery for 35 days. Deleting the stack of a stage that keeps its data
 * does not delete the table, since its data exists nowhere else.
 */
export function createStateTable(
  scope: Construct,
  id: string,
  settings: Pick<Settings, 'stage' | 'dataOnDestroy' | 'protection'>,
): Table {
  const { partition, sort } = keyAttributes;
  const text = (name: string) => ({ name, type: AttributeType.STRING });
  return new Table(scope, id, {
    tableName: stateTableName(settings.stage),
    partitionKey: text(partition),
    sortKey: text(sort),
    timeToLiveAttribute: 'expiresAt',
    billingMode: BillingMode.PAY_PER_REQUEST,
    ...tableEncryption(scope),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: dataRemovalOf(settings),
    deletionProtection: settings.protection === 'on',
  });
}

/**
 * Creates the table in which ingest stores which phone number and which hidden id (LID) belong to one person.
 * It is billed on demand and encrypted. It is not backed up: webhooks repeat the pairs, and data that a
 * person wants deleted must not remain in a backup.
 */
export function createIdentityTable(
  scope: Construct,
  id: string,
  settings: Pick<Settings, 'stage' | 'dataOnDestroy' | 'protection'>,
): Table {
  const table = new Table(scope, id, {
    tableName: identityTableNameOf(settings.stage),
    partitionKey: { name: identityKey.address, type: AttributeType.STRING },
    sortKey: { name: identityKey.scope, type: AttributeType.STRING },
    timeToLiveAttribute: 'expiresAt',
    billingMode: BillingMode.PAY_PER_REQUEST,
    ...tableEncryption(scope),
    removalPolicy: dataRemovalOf(settings),
    deletionProtection: settings.protection === 'on',
  });
  acknowledge(table, {
    'AwsSolutions-DDB3':
      'Webhooks name the pairs again, and what a person wants deleted must not stay in a backup.',
  });
  return table;
}

/**
 * Allows a consumer to read and write its own part of the state, but not to delete. A consumer that publishes
 * events also has its idempotency records there, and may query.
 */
export function ownState(
  table: ITable,
  consumer: string,
  { publishes = false }: Pick<FunctionConsumer, 'publishes'>,
): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      ...(publishes ? ['dynamodb:Query', 'dynamodb:UpdateItem'] : []),
    ],
    resources: [table.tableArn],
    conditions: onlyKeys('StringLike', [`${consumer}#*`]),
  });
}

/** Whether the setting `state` allows a consumer to have state. */
export function mayHaveState(
  consumer: string,
  { state = false }: Pick<FunctionConsumer, 'state'>,
  setting: string,
): boolean {
  return state && (setting === 'all' || setting.split(',').includes(consumer));
}

/**
 * Checks the names in the setting `state`: with a misspelt name the consumer would have no state, without an
 * error. Returns a sentence if one is no consumer with `state`.
 */
export function unknownStateNames(
  setting: string,
  consumers: Readonly<Record<string, ConsumerRow>>,
): string[] {
  if (['all', 'none'].includes(setting)) {
    return [];
  }
  const able = Object.entries(consumers).flatMap(([name, row]) =>
    row.kind === 'function' && row.state ? [name] : [],
  );
  const unknown = setting.split(',').filter((name) => !able.includes(name));
  if (unknown.length === 0) {
    return [];
  }
  return [
    `The setting "state" names ${unknown.join(', ')}, which no consumer with state is called. Those are: ${able.join(', ') || 'none'}.`,
  ];
}
