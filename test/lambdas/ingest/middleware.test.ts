import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import fc from 'fast-check';
import type { AuthScheme } from '../../../events/keyring/keyring.ts';
import { readKeyring } from '../../../events/keyring/keyring.ts';
import { sign } from '../../../events/signature.ts';
import {
  allowNetworks,
  authenticateSender,
  type IngestEvent,
  normalizeApiEvent,
  readRawBody,
  respondToErrors,
} from '../../../lambdas/ingest/middleware.ts';
import { RefusedError } from '../../../lambdas/ingest/responses.ts';
import { SecretCache } from '../../../lambdas/ingest/secret-cache.ts';

const context = {} as Context;

/** A request as middy hands it to a middleware. */
const requestWith = (
  event: unknown,
): middy.Request<IngestEvent, APIGatewayProxyStructuredResultV2> => ({
  event: event as IngestEvent,
  context,
  ...{ response: null, error: null, internal: {} },
});

/** Why a middleware refuses a request; what it made of it where it does not. */
async function refusalOf(
  middleware: { before: (request: ReturnType<typeof requestWith>) => unknown },
  event: unknown,
): Promise<IngestEvent | string> {
  const request = requestWith(event);
  try {
    await middleware.before(request);
    return request.event;
  } catch (error) {
    return error instanceof RefusedError ? error.refusal : String(error);
  }
}

const read = (event: unknown) => refusalOf(normalizeApiEvent(), event);

/** As a REST API gives it: payload format 1.0. */
const ofRest = (changes: Partial<APIGatewayProxyEvent> = {}) => ({
  httpMethod: 'POST',
  path: '/webhooks/abc',
  headers: { 'X-Webhook-Hmac': 'ab', 'Content-Type': 'application/json' },
  queryStringParameters: null,
  requestContext: { requestId: 'r1', identity: { sourceIp: '203.0.113.9' } },
  body: '{}',
  isBase64Encoded: false,
  ...changes,
});

/** As an HTTP API or a function URL gives it: payload format 2.0. */
const ofUrl = (rawPath: string, method = 'POST') => ({
  version: '2.0',
  rawPath,
  headers: {},
  requestContext: { http: { method, sourceIp: '203.0.113.9' } },
});

describe('the events of APIs', () => {
  test('of a REST API are read as those of an HTTP API, header names in lower case', async () => {
    expect(await read(ofRest())).toMatchObject({
      rawPath: '/webhooks/abc',
      headers: { 'x-webhook-hmac': 'ab', 'content-type': 'application/json' },
      queryStringParameters: {},
      requestContext: { requestId: 'r1', http: { method: 'POST', sourceIp: '203.0.113.9' } },
      body: '{}',
    });
    expect(await read(ofRest({ body: null }))).toMatchObject({ body: undefined });
  });

  test('with another method or path than a webhook are refused', async () => {
    expect(await read(ofUrl('/webhooks', 'GET'))).toBe('not-a-post');
    expect(await read(ofRest({ httpMethod: 'PUT' }))).toBe('not-a-post');
    for (const path of ['/', '/webhook', '/webhooks/a/b', '/webhooks.php', '/wp-login.php']) {
      expect([path, await read(ofUrl(path))]).toEqual([path, 'not-found']);
    }
    for (const path of ['/webhooks', '/webhooks/', '/prod/webhooks', '/webhooks/secret']) {
      expect([path, typeof (await read(ofUrl(path)))]).toEqual([path, 'object']);
    }
  });
});

const admits = async (allowed: string, sourceIp: string | undefined) => {
  const event = { requestContext: { http: { sourceIp } } };
  const found = await refusalOf(allowNetworks(allowed), event);
  return found === 'forbidden' ? false : typeof found === 'object' ? true : found;
};

describe('the networks that webhooks may come from', () => {
  test.each([
    ['any', '198.51.100.1', true],
    ['any', undefined, true],
    ['203.0.113.0/24', '203.0.113.255', true],
    ['203.0.113.0/24', '203.0.114.0', false],
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['10.0.0.0/8,2001:db8::/32', '2001:db8::1', true],
    ['10.0.0.0/8,2001:db8::/32', '2001:db9::1', false],
    ['10.0.0.0/8', undefined, false],
    ['10.0.0.0/8', 'unknown', false],
  ])('%s and %s: %s', async (allowed, address, expected) => {
    expect(await admits(allowed, address)).toBe(expected);
  });

  test('are compared without an error, whatever the address is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), async (address) => {
        expect(typeof (await admits('10.0.0.0/8,2001:db8::/32', address))).toBe('boolean');
      }),
    );
  });
});

describe('the raw body', () => {
  const bytesOf = async (event: object, limit = 1_000) => {
    const found = await refusalOf(readRawBody(limit), event);
    return typeof found === 'string' ? found : found.rawBody;
  };

  test('has the bytes that were sent, in whatever form the API passes them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (sent) => {
        const bytes = Buffer.from(sent);
        const asBase64 = { body: bytes.toString('base64'), isBase64Encoded: true };
        expect(await bytesOf(asBase64)).toEqual(bytes);
        const text = bytes.toString('utf8');
        expect(await bytesOf({ body: text, isBase64Encoded: false })).toEqual(Buffer.from(text));
      }),
    );
    expect(await bytesOf({})).toEqual(Buffer.alloc(0));
  });

  test('is limited in bytes, not in characters', async () => {
    expect(await bytesOf({ body: 'é'.repeat(500) })).toHaveLength(1_000);
    expect(await bytesOf({ body: 'é'.repeat(501) })).toBe('too-large');
    expect(await bytesOf({ body: 'x'.repeat(10_000) })).toBe('too-large');
    const base64 = Buffer.alloc(1_001).toString('base64');
    expect(await bytesOf({ body: base64, isBase64Encoded: true })).toBe('too-large');
  });
});

describe('the sender', () => {
  const source = {
    authentication: 'hmac' as const,
    keyrings: new SecretCache(async (scheme: AuthScheme) => readKeyring('the-secret', scheme)),
  };

  test('is added to the request, or the request is refused', async () => {
    const rawBody = Buffer.from('{}');
    const signed = { rawBody, headers: { 'x-webhook-hmac': sign(rawBody, 'the-secret') } };
    expect(await refusalOf(authenticateSender(source), signed)).toMatchObject({
      matches: [{ sender: 'waha', secretId: 'first' }],
    });
    const forged = { rawBody, headers: { 'x-webhook-hmac': sign(rawBody, 'guess') } };
    expect(await refusalOf(authenticateSender(source), forged)).toBe('unauthorized');
    expect(await refusalOf(authenticateSender(source), { rawBody })).toBe('unauthorized');
  });
});

describe('any error', () => {
  let lines: unknown[] = [];
  beforeEach(() => {
    lines = [];
    for (const level of ['warn', 'error'] as const) {
      jest.spyOn(console, level).mockImplementation((line) => {
        lines.push(line);
      });
    }
    jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('becomes a response with its code only, even for an invalid event', async () => {
    for (const [error, statusCode, code] of [
      [new RefusedError('forbidden'), 403, 'forbidden'],
      [new RefusedError('unavailable', new Error('secret detail')), 503, 'unavailable'],
      [new TypeError('secret detail'), 500, 'internal'],
      ['secret detail', 500, 'internal'],
    ] as const) {
      for (const event of [null, undefined, {}, ofUrl('/webhooks')]) {
        const request = { ...requestWith(event), error: error as Error, response: null };
        respondToErrors().onError(request);
        expect(request.response).toMatchObject({ statusCode, body: `{"error":"${code}"}` });
      }
    }
    expect(JSON.stringify(lines)).not.toContain('secret detail');
  });

  test('of a custom handler is handled by the same middlewares', async () => {
    const seen: string[] = [];
    const handler = middy<IngestEvent, APIGatewayProxyStructuredResultV2>({
      timeoutEarlyInMillis: 0,
    })
      .use(respondToErrors())
      .use(normalizeApiEvent())
      .use(allowNetworks('203.0.113.0/24'))
      .use(readRawBody(10))
      .handler(async (event: IngestEvent) => {
        seen.push(event.rawBody.toString());
        throw new Error('down');
      });
    const send = async (changes: object) =>
      (await handler({ ...ofUrl('/webhooks'), ...changes } as unknown as IngestEvent, context))
        .statusCode;
    expect(await send({ body: 'hello' })).toBe(500);
    expect(await send({ body: 'hello, world' })).toBe(413);
    expect(await send({ body: '', requestContext: { http: { sourceIp: '10.0.0.1' } } })).toBe(403);
    expect(await send({ rawPath: '/' })).toBe(404);
    expect(seen).toEqual(['hello']);
  });
});
