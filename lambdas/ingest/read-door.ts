import type { APIGatewayProxyEvent } from 'aws-lambda';
import { RefusedError } from './answer.ts';
import type { IngestEvent } from './create-handler.ts';

/** Where webhooks are posted to, with or without a secret behind it, and a stage's name before it. */
const webhookPath = /\/webhooks(?:\/[^/]*)?\/?$/;

/**
 * Makes one form of the events of all front doors. An HTTP API and a function URL give payload format
 * 2.0, a REST API gives 1.0 (API Gateway Developer Guide, "AWS Lambda proxy integrations"). A function
 * URL, unlike the others, lets every method and path through.
 *
 * @throws RefusedError
 */
export function readDoor(given: unknown): IngestEvent {
  const event = isRestEvent(given) ? fromRest(given) : (given as IngestEvent);
  const { rawPath, requestContext } = event;
  if (rawPath !== undefined && !webhookPath.test(rawPath)) throw new RefusedError('not-found');
  const method = requestContext?.http?.method;
  if (method !== undefined && method !== 'POST') throw new RefusedError('not-a-post');
  return event;
}

const isRestEvent = (event: unknown): event is APIGatewayProxyEvent =>
  typeof event === 'object' && event !== null && 'httpMethod' in event;

/** What ingest reads of a request, as payload format 2.0 names it. */
function fromRest(event: APIGatewayProxyEvent): IngestEvent {
  const headers = Object.entries(event.headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    value,
  ]);
  const { requestContext } = event;
  return {
    version: '1.0',
    rawPath: event.path,
    headers: Object.fromEntries(headers),
    queryStringParameters: event.queryStringParameters ?? {},
    requestContext: {
      requestId: requestContext?.requestId,
      http: { method: event.httpMethod, sourceIp: requestContext?.identity?.sourceIp },
    },
    body: event.body ?? undefined,
    isBase64Encoded: event.isBase64Encoded,
  } as unknown as IngestEvent;
}
