import { isAwsError } from '../runtime/aws/aws-error.ts';
import { conditionFailed, type DynamoDb } from '../runtime/aws/dynamodb.ts';
import type { LedgerTable } from './ledger.ts';

/** The ledger's table in DynamoDB: one read and at most one write for each event. */
export function ledgerTable(call: DynamoDb, TableName: string): LedgerTable {
  return {
    async get(id) {
      const Key = { id: { S: id } };
      return (await call('GetItem', { TableName, Key, ConsistentRead: true })).Item;
    },
    async putNew(Item, nowSeconds) {
      try {
        await call('PutItem', {
          TableName,
          Item,
          ConditionExpression: 'attribute_not_exists(id) OR expiresAt <= :now',
          ExpressionAttributeValues: { ':now': { N: String(nowSeconds) } },
        });
        return true;
      } catch (error) {
        if (isAwsError(error, conditionFailed)) return false;
        throw error;
      }
    },
  };
}
