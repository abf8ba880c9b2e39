import { describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { RefusedError } from '../../../lambdas/ingest/answer.ts';
import type { IngestEvent } from '../../../lambdas/ingest/create-handler.ts';
import { readDoor } from '../../../lambdas/ingest/read-door.ts';
import { sourceGate } from '../../../lambdas/ingest/source-gate.ts';

/** What ingest sees of an event, or why it is refused. */
function read(event: unknown): IngestEvent | string {
  try {
    return readDoor(event);
  } catch (error) {
    return (error as RefusedError).refusal;
  }
}

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

describe('the events of front doors', () => {
  test('of a REST API are read as those of an HTTP API, header names in lower case', () => {
    expect(read(ofRest())).toMatchObject({
      rawPath: '/webhooks/abc',
      headers: { 'x-webhook-hmac': 'ab', 'content-type': 'application/json' },
      queryStringParameters: {},
      requestContext: { requestId: 'r1', http: { method: 'POST', sourceIp: '203.0.113.9' } },
      body: '{}',
    });
    expect(read(ofRest({ body: null }))).toMatchObject({ body: undefined });
  });

  test('with another method or path than a webhook are refused', () => {
    expect(read(ofUrl('/webhooks', 'GET'))).toBe('not-a-post');
    expect(read(ofRest({ httpMethod: 'PUT' }))).toBe('not-a-post');
    for (const path of ['/', '/webhook', '/webhooks/a/b', '/webhooks.php', '/wp-login.php']) {
      expect([path, read(ofUrl(path))]).toEqual([path, 'not-found']);
    }
    for (const path of ['/webhooks', '/webhooks/', '/prod/webhooks', '/webhooks/secret']) {
      expect([path, typeof read(ofUrl(path))]).toEqual([path, 'object']);
    }
  });
});

const admits = (allowed: string, sourceIp: string | undefined) => {
  const event = { requestContext: { http: { sourceIp } } } as IngestEvent;
  try {
    sourceGate(allowed)(event);
    return true;
  } catch (error) {
    return error instanceof RefusedError && error.refusal === 'forbidden' ? false : error;
  }
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
  ])('%s and %s: %s', (allowed, address, expected) => {
    expect(admits(allowed, address)).toBe(expected);
  });

  test('are compared without an error, whatever the address is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (address) => {
        expect(typeof admits('10.0.0.0/8,2001:db8::/32', address)).toBe('boolean');
      }),
    );
  });
});
