import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { acknowledge } from './nag.ts';
import { tableEncryption } from './table-encryption.ts';

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
