/**
 * The usual stack, as its documentation shows it (middy.js.org): middy with its JSON body parser,
 * validator (ajv) and error handler, and the AWS SDK as it comes. The signature is compared by a
 * middleware of one's own before the parser takes the raw body away.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import { createError } from '@middy/util';
import validator from '@middy/validator';
import { transpileSchema } from '@middy/validator/transpile';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { eventSchema, type ValidWebhook } from './usual-stack-schema.ts';

const events = new EventBridgeClient();
const secretsManager = new SecretsManagerClient();
let signingSecret: Promise<string> | undefined;

/** The secret, read once for each execution environment. */
function readSigningSecret(): Promise<string> {
  signingSecret ??= secretsManager
    .send(new GetSecretValueCommand({ SecretId: process.env.SIGNING_SECRET_ARN }))
    .then(({ SecretString = '' }) => SecretString);
  return signingSecret;
}

const requireSignature = {
  before: async ({ event }: { event: APIGatewayProxyEventV2 }): Promise<void> => {
    const expected = createHmac('sha512', await readSigningSecret())
      .update(event.body ?? '')
      .digest();
    const given = Buffer.from(event.headers['x-webhook-hmac'] ?? '', 'hex');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw createError(401, 'Unauthorized');
    }
  },
};

async function publish(event: APIGatewayProxyEventV2) {
  const webhook = event.body as unknown as ValidWebhook;
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
  if (FailedEntryCount) throw createError(503, 'The bus did not take the event');
  console.info({ message: 'accepted', id: webhook.id, type: webhook.event });
  return { statusCode: 202, body: JSON.stringify({ id: webhook.id }) };
}

export const handler = middy<APIGatewayProxyEventV2>()
  .use(httpErrorHandler())
  .use(requireSignature)
  .use(httpJsonBodyParser())
  .use(validator({ eventSchema: transpileSchema(eventSchema) }))
  .handler(publish);
