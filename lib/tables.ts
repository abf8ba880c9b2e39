import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { identityKey, identityTableNameOf } from '../events/identity/identity-item.ts';
import { keyAttributes } from '../events/state/state-keys.ts';
import type { ConsumerRow, FunctionConsumer } from './consumer-row.ts';
import { tableEncryption } from './encryption.ts';
import { acknowledge } from './nag.ts';
import { hasData, type Settings, SettingsError } from './settings.ts';

/**
 * A table of short-lived notes: one item for each `id`, removed after `expiresAt` (epoch seconds).
 * Paid by use, encrypted, and not backed up: what is in it is of no worth once it has expired, and
 * without it events pass, marked.
 *
 * @param tableName @default - CloudFormation makes one up
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

/** A consumer may touch its own idempotency records, and no other's. */
export function ownRecords(table: ITable, consumer: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['dynamodb:UpdateItem'],
    resources: [table.tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${consumer}#*`] } },
  });
}

/**
 * What becomes of data that nothing else has, when the stack or the resource goes. What a failed first
 * deployment made holds no data and goes, so that the deployment can be repeated.
 */
export const dataRemovalOf = (
  settings: Pick<Settings, 'stage' | 'dataOnDestroy'>,
): RemovalPolicy =>
  hasData(settings) ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;

/** Name of a stage's state table. */
export const stateTableName = (stage: string) => `whatsapp-${stage}-state`;

/**
 * The table in which consumers keep state; docs/state.md says what is where. Paid by use, encrypted,
 * restorable to any second of the last 35 days, and left alone when the stack of a lasting stage is
 * deleted: nothing else has what is in it.
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
 * The table in which ingest keeps which phone number and which hidden id are one person. Paid by use and
 * encrypted; not backed up, since webhooks name the pairs again, and what a person wants deleted must not stay
 * in a backup.
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
 * A consumer may touch its own part of the state, and no other's, and cannot delete. One that publishes has
 * its idempotency records there too, and queries what was published for.
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
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${consumer}#*`] } },
  });
}

/** Whether the setting `state` lets a consumer have state. */
export function mayHaveState(
  consumer: string,
  { state = false }: Pick<FunctionConsumer, 'state'>,
  setting: string,
): boolean {
  return state && (setting === 'all' || setting.split(',').includes(consumer));
}

/**
 * Checks the names in the setting `state`. The consumer of a misspelt one would have no state, without an error.
 *
 * @throws for names that no consumer with `state` has: says which, and what there is
 */
export function refuseUnknownStateNames(
  setting: string,
  consumers: Readonly<Record<string, ConsumerRow>>,
): void {
  if (['all', 'none'].includes(setting)) {
    return;
  }
  const able = Object.entries(consumers).flatMap(([name, row]) =>
    row.kind === 'function' && row.state ? [name] : [],
  );
  const unknown = setting.split(',').filter((name) => !able.includes(name));
  if (unknown.length === 0) {
    return;
  }
  throw new SettingsError([
    `The setting "state" names ${unknown.join(', ')}, which no consumer with state is called. Those are: ${able.join(', ')}.`,
  ]);
}
