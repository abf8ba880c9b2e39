import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  Table,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { keyAttributes, timeIndex } from '../events/state/state-keys.ts';
import { dataRemovalOf, keepsData } from './data-removal.ts';
import type { Settings } from './settings.ts';
import { tableEncryption } from './table-encryption.ts';

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
  settings: Pick<Settings, 'stage' | 'dataOnDestroy'>,
): Table {
  const { partition, sort, listPartition, listSort } = keyAttributes;
  const text = (name: string) => ({ name, type: AttributeType.STRING });
  const table = new Table(scope, id, {
    tableName: stateTableName(settings.stage),
    partitionKey: text(partition),
    sortKey: text(sort),
    timeToLiveAttribute: 'expiresAt',
    billingMode: BillingMode.PAY_PER_REQUEST,
    ...tableEncryption(scope),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: dataRemovalOf(settings),
    deletionProtection: keepsData(settings),
  });
  table.addGlobalSecondaryIndex({
    indexName: timeIndex,
    partitionKey: text(listPartition),
    sortKey: text(listSort),
    // An update of an item that changes nothing in the list then costs nothing there.
    projectionType: ProjectionType.KEYS_ONLY,
  });
  return table;
}

/** A consumer may touch its own part of the state, and no other's; it can neither list nor delete. */
export function ownState(table: ITable, consumer: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    resources: [table.tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${consumer}#*`] } },
  });
}
