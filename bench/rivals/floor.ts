/**
 * (a) The floor: one HMAC, one JSON.parse, one JSON.stringify, and the requests to AWS that ingest makes,
 * by the SDK as it comes, with nothing around them. Which requests is in `FLOOR_REQUESTS`; the benchmark
 * takes them from what it sees ingest do. A lower bound, not a design: it validates nothing, ignores what
 * DynamoDB answers, handles no error and logs nothing.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

type Webhook = { readonly id: string; readonly event: string };

const dynamoDb = new DynamoDBClient();
const eventBridge = new EventBridgeClient();
const secretsManager = new SecretsManagerClient();
const readSecret = new GetSecretValueCommand({ SecretId: process.env.SIGNING_SECRET_ARN });
const TableName = process.env.TABLE_NAME;

const send: Readonly<Record<string, (webhook: Webhook) => Promise<unknown>>> = {
  GetItem: ({ id }) =>
    dynamoDb.send(new GetItemCommand({ TableName, Key: { id: { S: id } }, ConsistentRead: true })),
  PutItem: ({ id, event }) =>
    dynamoDb.send(
      new PutItemCommand({
        TableName,
        Item: { id: { S: id }, type: { S: event }, expiresAt: { N: String(Date.now()) } },
        ConditionExpression: 'attribute_not_exists(id)',
      }),
    ),
  UpdateItem: ({ id }) =>
    dynamoDb.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: { S: id } },
        UpdateExpression: 'SET completedAt = :now',
        ExpressionAttributeValues: { ':now': { N: String(Date.now()) } },
      }),
    ),
  PutEvents: (webhook) => eventBridge.send(new PutEventsCommand({ Entries: [entryOf(webhook)] })),
};

const entryOf = (webhook: Webhook) => ({
  ...{ EventBusName: process.env.BUS_NAME, Source: 'whatsapp', DetailType: webhook.event },
  Detail: JSON.stringify(webhook),
});

const requests = (process.env.FLOOR_REQUESTS ?? '').split(',').map((name) => {
  const request = send[name];
  if (!request) {
    throw new Error(`Ingest calls ${name}: let bench/rivals/floor.ts call it too`);
  }
  return request;
});

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
  for (const request of requests) {
    await request(webhook);
  }
  return { statusCode: 202 };
}
