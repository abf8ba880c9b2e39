/**
 * (a) The floor: one HMAC, one JSON.parse, one JSON.stringify, and the requests to AWS that ingest makes (the
 * benchmark checks that), by the SDK as it comes, with nothing around them. A lower bound, not a design: it
 * validates nothing, ignores what DynamoDB answers, handles no error and logs nothing.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

type Webhook = { readonly id: string; readonly event: string };

const dynamoDb = new DynamoDBClient();
const eventBridge = new EventBridgeClient();
const secretsManager = new SecretsManagerClient();
const readSecret = new GetSecretValueCommand({ SecretId: process.env.SIGNING_SECRET_ARN });
const TableName = process.env.TABLE_NAME;
let signingSecret: string | undefined;

export async function handler(event: APIGatewayProxyEventV2) {
  const body = event.body ?? '';
  signingSecret ??= (await secretsManager.send(readSecret)).SecretString ?? '';
  const expected = createHmac('sha512', signingSecret).update(body).digest();
  const received = Buffer.from(event.headers['x-webhook-hmac'] ?? '', 'hex');
  if (received.length !== expected.length || !timingSafeEqual(received, expected)) {
    return { statusCode: 401 };
  }
  const webhook: Webhook = JSON.parse(body);
  await writeRecord(webhook);
  const entry = {
    EventBusName: process.env.BUS_NAME,
    Source: 'whatsapp',
    DetailType: webhook.event,
  };
  const Entries = [{ ...entry, Detail: JSON.stringify(webhook) }];
  await eventBridge.send(new PutEventsCommand({ Entries }));
  await writeRecord(webhook);
  return { statusCode: 202 };
}

/** Without `TABLE_NAME` none is written, as with `deduplicate=none`. */
async function writeRecord({ id }: Webhook): Promise<void> {
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
