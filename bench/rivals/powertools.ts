/**
 * Powertools for AWS Lambda, as its documentation shows it (docs.aws.amazon.com/powertools/typescript):
 * tracer, logger, metrics, idempotency and parser (zod) as middlewares of one handler, the idempotency
 * key taken from the body, and the SDK's clients traced. The signature is compared by a middleware of
 * one's own before anything is kept.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { makeHandlerIdempotent } from '@aws-lambda-powertools/idempotency/middleware';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { parser } from '@aws-lambda-powertools/parser/middleware';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type ParsedRequest, requestSchema } from './powertools-schema.ts';

const logger = new Logger();
const metrics = new Metrics();
const tracer = new Tracer();
const events = tracer.captureAWSv3Client(new EventBridgeClient());
const secretsManager = tracer.captureAWSv3Client(new SecretsManagerClient());
const persistenceStore = new DynamoDBPersistenceLayer({
  tableName: process.env.LEDGER_TABLE ?? '',
});
const config = new IdempotencyConfig({ eventKeyJmesPath: 'powertools_json(body).id' });

let signingSecret: Promise<string> | undefined;

function readSigningSecret(): Promise<string> {
  signingSecret ??= secretsManager
    .send(new GetSecretValueCommand({ SecretId: process.env.SIGNING_SECRET_ARN }))
    .then(({ SecretString = '' }) => SecretString);
  return signingSecret;
}

const requireSignature = {
  before: async ({ event }: { event: APIGatewayProxyEventV2 }) => {
    const expected = createHmac('sha512', await readSigningSecret())
      .update(event.body ?? '')
      .digest();
    const given = Buffer.from(event.headers['x-webhook-hmac'] ?? '', 'hex');
    if (given.length === expected.length && timingSafeEqual(given, expected)) return;
    return { statusCode: 401 };
  },
};

async function publish({ body: webhook }: ParsedRequest) {
  const { FailedEntryCount } = await events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: process.env.BUS_NAME,
          Source: 'whatsapp',
          DetailType: webhook.event,
          Detail: JSON.stringify(webhook),
        },
      ],
    }),
  );
  if (FailedEntryCount) throw new Error('The bus did not take the event');
  logger.info('accepted', { id: webhook.id, type: webhook.event });
  metrics.addMetric('Accepted', MetricUnit.Count, 1);
  return { statusCode: 202, body: JSON.stringify({ id: webhook.id }) };
}

export const handler = middy()
  .use(captureLambdaHandler(tracer, { captureResponse: false }))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .use(requireSignature)
  .use(makeHandlerIdempotent({ persistenceStore, config }))
  .use(parser({ schema: requestSchema }))
  .handler(publish);
