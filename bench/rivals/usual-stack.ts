/**
 * (b) The usual stack, as its documentation shows it (middy.js.org): middy with its JSON body parser,
 * validator (ajv) and error handler, and the AWS SDK as it comes. With `TABLE_NAME`, Powertools' idempotency
 * keeps a record for each webhook's id, which is what middy's users deduplicate with. The signature is compared
 * by a middleware of the project, before the parser takes the raw body away; the event is normalized by hand. A
 * metric filter of CloudWatch Logs can count the log line, as ingest's counts itself.
 */
import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { makeHandlerIdempotent } from '@aws-lambda-powertools/idempotency/middleware';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import { createError } from '@middy/util';
import validator from '@middy/validator';
import { transpileSchema } from '@middy/validator/transpile';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type MessageWebhook, normalizeMessage, putEvent, signatureCheck } from './by-hand.ts';

/** The fields that consumers would read. */
const payloadSchema = {
  type: 'object',
  required: ['id', 'timestamp', 'from', 'fromMe', 'hasMedia'],
  properties: {
    id: { type: 'string' },
    timestamp: { type: 'number' },
    from: { type: 'string' },
    to: { type: 'string', nullable: true },
    fromMe: { type: 'boolean' },
    body: { type: 'string', nullable: true },
    hasMedia: { type: 'boolean' },
  },
};
const bodySchema = {
  type: 'object',
  required: ['id', 'timestamp', 'event', 'session', 'payload'],
  properties: {
    id: { type: 'string', minLength: 1 },
    timestamp: { type: 'number' },
    session: { type: 'string', minLength: 1 },
    event: { type: 'string', const: 'message' },
    me: { type: 'object', nullable: true, properties: { id: { type: 'string' } } },
    engine: { type: 'string' },
    payload: payloadSchema,
  },
};
const eventSchema = { type: 'object', required: ['body'], properties: { body: bodySchema } };

const events = new EventBridgeClient();
const isSigned = signatureCheck(new SecretsManagerClient());
const requireSignature = {
  before: async ({ event }: { event: APIGatewayProxyEventV2 }): Promise<void> => {
    if (!(await isSigned(event.body, event.headers['x-webhook-hmac']))) {
      throw createError(401, 'Unauthorized');
    }
  },
};

async function publish(event: APIGatewayProxyEventV2) {
  const webhook = event.body as unknown as MessageWebhook;
  const detail = JSON.stringify(normalizeMessage(webhook, event.requestContext.requestId));
  const { FailedEntryCount } = await events.send(putEvent(webhook.event, detail));
  if (FailedEntryCount) {
    throw createError(503, 'The event was not published');
  }
  console.info({ message: 'accepted', id: webhook.id, type: webhook.event });
  return { statusCode: 202, body: JSON.stringify({ id: webhook.id }) };
}

const stack = middy<APIGatewayProxyEventV2>()
  .use(httpErrorHandler())
  .use(requireSignature)
  .use(httpJsonBodyParser())
  .use(validator({ eventSchema: transpileSchema(eventSchema) }));

if (process.env.TABLE_NAME) {
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName: process.env.TABLE_NAME });
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'body.id' });
  stack.use(makeHandlerIdempotent({ persistenceStore, config }));
}

export const handler = stack.handler(publish);
