import { BlockList, isIP } from 'node:net';
import type middy from '@middy/core';
import type {
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
} from 'aws-lambda';
import { ingestMetrics } from '../../events/names.ts';
import { count } from '../runtime/count.ts';
import { errorName, log } from '../runtime/log.ts';
import { type KeyringSource, type Match, requireAuthentic } from './authenticate.ts';
import { RefusedError, refusalResponse, statusOf } from './responses.ts';

/** The API's event, with the properties that ingest's middlewares add. */
export type IngestEvent = APIGatewayProxyEventV2 & {
  /** The exact bytes of the body, which the sender signed. Set by {@link readRawBody}. */
  rawBody: Buffer;
  /** The live secrets that the request matches. Set by {@link authenticateSender}. */
  matches: readonly Match[];
};

/** A middy middleware for ingest's events. */
export type IngestMiddleware = middy.MiddlewareObj<IngestEvent, APIGatewayProxyStructuredResultV2>;

/**
 * Turns every error into a response that contains only a code, and a log line with the reason. It must be the
 * first middleware, so that it covers all others.
 */
export function respondToErrors() {
  return {
    onError: (request): void => {
      const { error } = request;
      const event = request.event as IngestEvent | null;
      const refusal = error instanceof RefusedError ? error.refusal : 'internal';
      count(ingestMetrics.refused, 1, { Refusal: refusal });
      const print = statusOf[refusal] < 500 ? log.warn : log.error;
      print('refused', {
        refusal,
        // The sender's own request id is used only after authentication.
        ...(event?.matches ? { requestId: requestIdOf(event) } : {}),
        httpRequestId: event?.requestContext?.requestId,
        sourceIp: event?.requestContext?.http?.sourceIp,
        cause: error instanceof RefusedError ? causeOf(error) : errorName(error),
      });
      request.response = refusalResponse(refusal);
    },
  } satisfies IngestMiddleware;
}

const causeOf = ({ cause }: RefusedError) =>
  typeof cause === 'string' || cause === undefined ? cause : errorName(cause);

/** Matches `/webhooks` and `/webhooks/SECRET`, with or without the API stage's name before it. */
const webhookPath = /\/webhooks(?:\/[^/]*)?\/?$/;

/**
 * Converts the events of all APIs to payload format 2.0. An HTTP API and a function URL send 2.0, a REST API
 * 1.0 (API Gateway Developer Guide, "AWS Lambda proxy integrations"). A function URL passes on every method
 * and path, so requests other than a POST to the webhook path are refused here.
 */
export function normalizeApiEvent() {
  return {
    before: (request): void => {
      if (isRestEvent(request.event)) {
        request.event = fromRest(request.event);
      }
      const { rawPath, requestContext } = request.event;
      if (rawPath !== undefined && !webhookPath.test(rawPath)) {
        throw new RefusedError('not-found');
      }
      const method = requestContext?.http?.method;
      if (method !== undefined && method !== 'POST') {
        throw new RefusedError('not-a-post');
      }
    },
  } satisfies IngestMiddleware;
}

const isRestEvent = (event: unknown): event is APIGatewayProxyEvent =>
  typeof event === 'object' && event !== null && 'httpMethod' in event;

/** Converts payload format 1.0 to the fields of 2.0 that ingest reads. */
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

/**
 * Refuses requests from other networks. It checks the address of the connection, as the API reports it, and
 * ignores headers such as x-forwarded-for.
 *
 * @param allowed `any`, or addresses and CIDR ranges, separated by commas
 */
export function allowNetworks(allowed: string) {
  const networks = allowed === 'any' ? undefined : readNetworks(allowed);
  return {
    before: ({ event }): void => {
      if (!networks) {
        return;
      }
      const address = event.requestContext?.http?.sourceIp ?? '';
      const family = isIP(address);
      const isAllowed = family > 0 && networks.check(address, family === 6 ? 'ipv6' : 'ipv4');
      if (!isAllowed) {
        throw new RefusedError('forbidden');
      }
    },
  } satisfies IngestMiddleware;
}

function readNetworks(allowed: string): BlockList {
  const networks = new BlockList();
  for (const each of allowed.split(',')) {
    const [address = '', prefix] = each.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) {
      networks.addAddress(address, family);
    } else {
      networks.addSubnet(address, Number(prefix), family);
    }
  }
  return networks;
}

/**
 * Reads the exact bytes of the body before it is parsed. The API passes text as it is, and everything else in
 * base64 (API Gateway Developer Guide, "AWS Lambda proxy integrations").
 */
export function readRawBody(maxBodyBytes: number) {
  return {
    before: ({ event }): void => {
      const body = event.body ?? '';
      // A quick check before decoding: no encoding makes a body longer than this factor.
      if (body.length > maxBodyBytes * 2) {
        throw new RefusedError('too-large');
      }
      event.rawBody = Buffer.from(body, event.isBase64Encoded ? 'base64' : 'utf8');
      if (event.rawBody.length > maxBodyBytes) {
        throw new RefusedError('too-large');
      }
    },
  } satisfies IngestMiddleware;
}

/** Refuses requests that match no live secret, and sets `matches`. {@link readRawBody} must run before it. */
export function authenticateSender(source: KeyringSource) {
  return {
    before: async ({ event }): Promise<void> => {
      event.matches = await requireAuthentic(
        {
          rawBody: event.rawBody,
          headers: event.headers ?? {},
          query: event.queryStringParameters ?? {},
          path: event.rawPath ?? '',
        },
        source,
      );
    },
  } satisfies IngestMiddleware;
}

/**
 * The id that identifies one webhook from its request to the last consumer: the sender's request id, which is
 * the same in each retry, or API Gateway's. It is not signed, so it is used for searching, never for a
 * decision.
 */
export function requestIdOf({
  headers,
  requestContext,
}: Pick<IngestEvent, 'headers' | 'requestContext'>): string {
  const given = headers?.['x-webhook-request-id'];
  return given !== undefined && /^[\w.:-]{1,100}$/.test(given)
    ? given
    : (requestContext?.requestId ?? 'unknown');
}
