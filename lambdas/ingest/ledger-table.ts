import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { LedgerTable } from './ledger.ts';

/** The ledger's table in DynamoDB: one read and at most one write for each event. */
export function ledgerTable(client: DynamoDBClient, TableName: string): LedgerTable {
  return {
    async get(id) {
      const key = { id: { S: id } };
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: key, ConsistentRead: true }),
      );
      return Item;
    },
    async putNew(Item, nowSeconds) {
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item,
            ConditionExpression: 'attribute_not_exists(id) OR expiresAt <= :now',
            ExpressionAttributeValues: { ':now': { N: String(nowSeconds) } },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
