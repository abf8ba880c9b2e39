import { TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { customerKeyOf } from './customer-key.ts';

/** The props of a table that say how it is encrypted. */
export function tableEncryption(scope: Construct) {
  const encryptionKey = customerKeyOf(scope);
  if (!encryptionKey) return { encryption: TableEncryption.DEFAULT };
  return { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey };
}
