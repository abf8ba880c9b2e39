/**
 * (c) Powertools for AWS Lambda, as its documentation shows it (docs.aws.amazon.com/powertools/typescript):
 * tracer, logger, metrics, idempotency and parser (zod) as middlewares of one handler, the idempotency key taken
 * from the body, and the SDK's clients traced. The signature is compared by a middleware of the project before
 * anything is stored; the event is normalized by hand.
 */
import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { makeHandlerIdempotent } from '@aws-lambda-powertools/idempotency/middleware';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { JSONStringified } from '@aws-lambda-powertools/parser/helpers';
import { parser } from '@aws-lambda-powertools/parser/middleware';
import { APIGatewayProxyEventV2Schema } from '@aws-lambda-powertools/parser/schemas/api-gatewayv2';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { z } from 'zod';
import { normalizeMessage, putEvent, signatureCheck } from './by-hand.ts';

/** The fields that consumers would read. */
const webhookSchema = z.looseObject({
  id: z.string().min(1),
  timestamp: z.number(),
  session: z.string().min(1),
  event: z.literal('message'),
  me: z.looseObject({ id: z.string() }).nullish(),
  engine: z.string().optional(),
  payload: z.looseObject({
    id: z.string(),
    timestamp: z.number(),
    from: z.string(),
    to: z.string().nullish(),
    fromMe: z.boolean(),
    body: z.string().nullish(),
    hasMedia: z.boolean(),
  }),
});

const requestSchema = APIGatewayProxyEventV2Schema.extend({ body: JSONStringified(webhookSchema) });

const logger = new Logger();
const metrics = new Metrics();
const tracer = new Tracer();
const events = tracer.captureAWSv3Client(new EventBridgeClient());
const isSigned = signatureCheck(tracer.captureAWSv3Client(new SecretsManagerClient()));
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: process.env.TABLE_NAME ?? '' });
const config = new IdempotencyConfig({ eventKeyJmesPath: 'powertools_json(body).id' });

const requireSignature = {
  before: async ({ event }: { event: APIGatewayProxyEventV2 }) =>
    (await isSigned(event.body, event.headers['x-webhook-hmac'])) ? undefined : { statusCode: 401 },
};

async function publish({ body: webhook, requestContext }: z.infer<typeof requestSchema>) {
  const detail = JSON.stringify(normalizeMessage(webhook, requestContext.requestId));
  const { FailedEntryCount } = await events.send(putEvent(webhook.event, detail));
  if (FailedEntryCount) {
    throw new Error('The event was not published');
  }
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
