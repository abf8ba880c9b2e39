import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFunctionResponse } from '../../src/http-api/lambda-integration.ts';
import { LocalApi } from './local-api.ts';

let api: LocalApi | undefined;
afterEach(() => api?.close());

/** The client's response when the function returns this. */
async function answerFor(result: unknown, method = 'POST') {
  api = await new LocalApi({}, result).start();
  return api.request(method, '/x');
}

describe('a response with a status code', () => {
  test('is passed on with its headers and body', async () => {
    const { status, headers, body } = await answerFor({
      statusCode: 202,
      headers: { 'Content-Type': 'application/json', 'X-Number': 7, 'x-flag': true },
      body: '{"accepted":true}',
    });
    expect(status).toBe(202);
    expect(body).toBe('{"accepted":true}');
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/json',
      'x-number': '7',
      'x-flag': 'true',
      'content-length': '17',
    });
    expect(headers.get('apigw-requestid')).toBe(api?.event.requestContext.requestId);
  });

  test('is plain text without a content type', async () => {
    const { headers, body } = await answerFor({ statusCode: 200, body: 'hi' });
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(body).toBe('hi');
  });

  test('may have bytes, as Base64', async () => {
    expect((await answerFor({ statusCode: 200, body: 'aMOp', isBase64Encoded: true })).body).toBe(
      'hé',
    );
  });

  test('may set cookies', async () => {
    const { headers } = await answerFor({ statusCode: 200, cookies: ['a=1; HttpOnly', 'b=2'] });
    expect(headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2']);
  });

  test('may be empty', async () => {
    expect(await answerFor({ statusCode: 204 })).toMatchObject({ status: 204, body: '' });
    await api?.close();
    expect(await answerFor({ statusCode: '404' })).toMatchObject({ status: 404, body: '' });
  });

  test('may redirect', async () => {
    const { status, headers } = await answerFor({
      statusCode: 302,
      headers: { location: 'https://example.com/' },
    });
    expect([status, headers.get('location')]).toEqual([302, 'https://example.com/']);
  });

  test('cannot set headers of the connection', async () => {
    const { headers, body } = await answerFor({
      statusCode: 200,
      headers: { 'Content-Length': '999', 'Transfer-Encoding': 'chunked', Connection: 'close' },
      body: 'ok',
    });
    expect(body).toBe('ok');
    expect(headers.get('content-length')).toBe('2');
    expect(headers.get('connection')).toBe('keep-alive');
  });

  test('has no body for HEAD', async () => {
    const { status, headers, body } = await answerFor({ statusCode: 200, body: 'four' }, 'HEAD');
    expect([status, headers.get('content-length'), body]).toEqual([200, '4', '']);
  });
});

describe('any other result is the body of a 200', () => {
  test.each([
    [{ message: 'Hello from Lambda!' }, '{"message":"Hello from Lambda!"}'],
    [[1, 2], '[1,2]'],
    [null, 'null'],
    [{ body: 'x' }, '{"body":"x"}'],
    ['"text"', '"text"'],
    ['{"text":"\\"statusCode\\""}', '{"text":"\\"statusCode\\""}'],
    ['{"nested":{"statusCode":500}}', '{"nested":{"statusCode":500}}'],
  ])('%j', async (result, expected) => {
    const { status, headers, body } = await answerFor(result);
    expect([status, headers.get('content-type'), body]).toEqual([
      200,
      'application/json',
      expected,
    ]);
  });
});

describe('a malformed response gives 500', () => {
  test.each([
    [{ statusCode: 'abc' }],
    [{ statusCode: null }],
    [{ statusCode: 99 }],
    [{ statusCode: 101 }],
    [{ statusCode: 600 }],
    [{ statusCode: 200.5 }],
    [{ statusCode: 200, headers: 'x' }],
    [{ statusCode: 200, headers: ['x'] }],
    [{ statusCode: 200, headers: { a: { b: 1 } } }],
    [{ statusCode: 200, headers: { 'bad name': 'x' } }],
    [{ statusCode: 200, headers: { a: 'line\r\nInjected: yes' } }],
    [{ statusCode: 200, cookies: 'a=1' }],
    [{ statusCode: 200, cookies: ['a=1\r\nInjected: yes'] }],
    [{ statusCode: 200, body: { an: 'object' } }],
    [{ statusCode: 200, body: 5 }],
  ])('%j', async (result) => {
    const { status, headers, body } = await answerFor(result);
    expect([status, headers.get('content-type'), body]).toEqual([
      500,
      'application/json',
      '{"message":"Internal Server Error"}',
    ]);
    expect(headers.has('injected')).toBe(false);
  });
});

test('whatever a function returns can be sent', () => {
  const response = fc.record(
    {
      statusCode: fc.oneof(fc.integer({ min: 200, max: 599 }), fc.anything()),
      headers: fc.oneof(fc.dictionary(fc.string(), fc.anything()), fc.anything()),
      cookies: fc.oneof(fc.array(fc.string()), fc.anything()),
      body: fc.oneof(fc.string(), fc.anything()),
      isBase64Encoded: fc.oneof(fc.boolean(), fc.anything()),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(response, fc.json(), fc.string()), (result) => {
      const payload = typeof result === 'string' ? result : JSON.stringify(result, dropBigInts);
      const { statusCode, headers } = readFunctionResponse(payload);
      expect(statusCode).toBeGreaterThanOrEqual(200);
      for (const value of headers.values()) {
        expect(value).not.toMatch(/[\r\n]/);
      }
    }),
  );
});

const dropBigInts = (_key: string, value: unknown) => (typeof value === 'bigint' ? null : value);
