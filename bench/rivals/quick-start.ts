/**
 * (d) AWS's quick start for inbound webhooks (EventBridge User Guide, "Receiving events from AWS Lambda
 * function URLs"; for GitHub, Stripe and Twilio, in Python), in JavaScript and with WAHA's header and SHA-512:
 * it looks at the content type, checks that the body is JSON, compares the signature with a secret of Secrets
 * Manager that is kept for an hour, and puts the body on the bus as it came. No validation, no deduplication.
 */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { putEvent, signatureCheck } from './by-hand.ts';

const events = new EventBridgeClient();
const isSigned = signatureCheck(new SecretsManagerClient());

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
  if (!(await isSigned(payload, event.headers['x-webhook-hmac']))) {
    return { statusCode: 401, body: 'Invalid Signature' };
  }
  const { FailedEntryCount } = await events.send(putEvent(detailType, payload));
  if (FailedEntryCount) {
    return { statusCode: 500, body: 'FailedEntry Error' };
  }
  return { statusCode: 202, body: 'Message forwarded to Amazon EventBridge' };
}
