/**
 * (a) The floor: one HMAC, one JSON.parse, one JSON.stringify, and the requests to AWS that ingest makes (the
 * benchmark checks that), by the SDK as it comes, with nothing around them. A lower bound, not a design: it
 * validates nothing, ignores what DynamoDB answers, handles no error and logs nothing.
 */
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { putEvent, signatureCheck } from './by-hand.ts';

const dynamoDb = new DynamoDBClient();
const eventBridge = new EventBridgeClient();
const isSigned = signatureCheck(new SecretsManagerClient());
const TableName = process.env.TABLE_NAME;

export async function handler(event: APIGatewayProxyEventV2) {
  if (!(await isSigned(event.body, event.headers['x-webhook-hmac']))) {
    return { statusCode: 401 };
  }
  const webhook: { id: string; event: string } = JSON.parse(event.body ?? '');
  await writeRecord(webhook.id);
  await eventBridge.send(putEvent(webhook.event, JSON.stringify(webhook)));
  await writeRecord(webhook.id);
  return { statusCode: 202 };
}

/** Without `TABLE_NAME` none is written, as with `deduplicate=none`. */
async function writeRecord(id: string): Promise<void> {
  if (TableName) {
    await dynamoDb.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: { S: id } },
        UpdateExpression: 'SET completedAt = :now',
        ExpressionAttributeValues: { ':now': { N: String(Date.now()) } },
      }),
    );
  }
}
