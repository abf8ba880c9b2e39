/**
 * What the functions of AWS's quick starts for inbound webhooks do (EventBridge User Guide, "Receiving
 * SaaS events from AWS Lambda function URLs"; for GitHub, Stripe and Twilio in Python), in JavaScript
 * and with WAHA's header and SHA-512: look at the content type, check that the body is JSON, compare the
 * signature with a secret that is kept for an hour, and put the body on the bus as it came. No
 * validation, no deduplication.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

const events = new EventBridgeClient();
const secretsManager = new SecretsManagerClient();

/** As long as AWS's cache for secrets keeps one (SecretCacheConfig, secret_refresh_interval). */
const secretAgeMs = 3_600_000;
let cached = { value: '', readAt: Number.NEGATIVE_INFINITY };

async function readSigningSecret(): Promise<string> {
  if (Date.now() - cached.readAt < secretAgeMs) return cached.value;
  const { SecretString = '' } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: process.env.SIGNING_SECRET_ARN }),
  );
  cached = { value: SecretString, readAt: Date.now() };
  return SecretString;
}

export async function handler(event: APIGatewayProxyEventV2) {
  const contentType = event.headers['content-type']?.split(';')[0]?.trim();
  if (contentType !== 'application/json') {
    return { statusCode: 400, body: 'Unsupported content-type' };
  }
  const payload = event.isBase64Encoded
    ? Buffer.from(event.body ?? '', 'base64').toString()
    : (event.body ?? '');
  let detailType: string;
  try {
    detailType = JSON.parse(payload).event;
  } catch {
    return { statusCode: 400, body: 'Invalid JSON payload' };
  }
  const expected = createHmac('sha512', await readSigningSecret())
    .update(payload)
    .digest('hex');
  const given = event.headers['x-webhook-hmac'] ?? '';
  if (
    given.length !== expected.length ||
    !timingSafeEqual(Buffer.from(given), Buffer.from(expected))
  ) {
    return { statusCode: 401, body: 'Invalid Signature' };
  }
  const { FailedEntryCount } = await events.send(
    new PutEventsCommand({
      Entries: [
        {
          Source: 'whatsapp',
          DetailType: detailType,
          Detail: payload,
          EventBusName: process.env.BUS_NAME,
        },
      ],
    }),
  );
  if (FailedEntryCount) return { statusCode: 500, body: 'FailedEntry Error' };
  return { statusCode: 202, body: 'Message forwarded to Amazon EventBridge' };
}
