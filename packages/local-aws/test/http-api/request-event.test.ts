import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isTextContent } from '../../src/http-api/request-event.ts';
import { functionArn, LocalApi } from './local-api.ts';

let api: LocalApi;
beforeAll(async () => {
  api = await new LocalApi({
    routes: [
      { routeKey: 'POST /webhooks', functionArn: functionArn },
      { routeKey: 'ANY /chats/{chat}/{rest+}', functionArn: functionArn },
      { routeKey: '$default', functionArn: functionArn },
    ],
  }).start();
});
afterAll(() => api.close());

test('the event has every field that API Gateway sets, and no other', async () => {
  await api.raw(
    'POST /webhooks?a=1&b=2&a=%C3%A9 HTTP/1.1\r\nHost: api.example.com:3000\r\nUser-Agent: WAHA/2026\r\n' +
      'Content-Type: application/json\r\nX-Twice: one\r\nx-twice: two\r\nCookie: a=1; b=2\r\nCookie: c=3\r\n' +
      'X-Forwarded-For: 10.0.0.1\r\nConnection: keep-alive\r\nContent-Length: 11\r\n\r\n{"a":"\u00e9"}x',
  );
  expect(api.event).toEqual({
    version: '2.0',
    routeKey: 'POST /webhooks',
    rawPath: '/webhooks',
    rawQueryString: 'a=1&b=2&a=%C3%A9',
    cookies: ['a=1', 'b=2', 'c=3'],
    headers: {
      host: 'api.example.com:3000',
      'user-agent': 'WAHA/2026',
      'content-type': 'application/json',
      'x-twice': 'one,two',
      'content-length': '11',
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      'x-forwarded-for': '10.0.0.1, 127.0.0.1',
      'x-forwarded-port': String(api.port),
      'x-forwarded-proto': 'http',
    },
    queryStringParameters: { a: '1,é', b: '2' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'a1b2c3d4e5',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: {
        method: 'POST',
        path: '/webhooks',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'WAHA/2026',
      },
      requestId: expect.stringMatching(/^[\w-]{15}=$/),
      routeKey: 'POST /webhooks',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1767225600000,
    },
    body: '{"a":"é"}x',
    isBase64Encoded: false,
  });
});

describe('the path', () => {
  test('is decoded, and so are its parameters', async () => {
    await api.request('GET', '/chats/1203%40g.us/a%20b/c');
    expect(api.event).toMatchObject({
      routeKey: 'ANY /chats/{chat}/{rest+}',
      rawPath: '/chats/1203@g.us/a b/c',
      pathParameters: { chat: '1203@g.us', rest: 'a b/c' },
      requestContext: { http: { path: '/chats/1203@g.us/a b/c' } },
    });
  });

  test('stays as it is when its encoding is malformed', async () => {
    await api.raw('GET /x%zz HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(api.event.rawPath).toBe('/x%zz');
  });

  test('may come in an absolute URL', async () => {
    await api.raw('GET http://a.example/path?q=1 HTTP/1.1\r\nHost: a.example\r\n\r\n');
    expect(api.event).toMatchObject({ rawPath: '/path', rawQueryString: 'q=1' });
  });
});

describe('the body', () => {
  const post = (contentType: string, body: string | Uint8Array<ArrayBuffer>) =>
    api.request('POST', '/webhooks', { body, headers: { 'content-type': contentType } });

  test.each([
    ['application/json'],
    ['application/json; charset=utf-8'],
    ['APPLICATION/JSON'],
    ['text/plain'],
    ['text/csv;header=present'],
    ['application/xml'],
    ['application/javascript'],
  ])('of type %s is text', async (type) => {
    await post(type, 'é😀');
    expect(api.event).toMatchObject({ body: 'é😀', isBase64Encoded: false });
  });

  test.each([
    ['application/octet-stream'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['image/png'],
    ['application/jsonp'],
    ['; application/json'],
  ])('of type %s is Base64', async (type) => {
    await post(type, new Uint8Array([0, 255, 128]));
    expect(api.event).toMatchObject({ body: 'AP+A', isBase64Encoded: true });
  });

  test('without a type is plain text', async () => {
    await api.raw('POST /webhooks HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi');
    expect(api.event).toMatchObject({ body: 'hi', isBase64Encoded: false });
    expect(api.event.headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  test('in chunks is put together', async () => {
    await api.raw(
      'POST /webhooks HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n' +
        '2\r\nde\r\n0\r\n\r\n',
    );
    expect(api.event).toMatchObject({ body: 'abcde', headers: { 'content-length': '5' } });
    expect(api.event.headers).not.toHaveProperty('transfer-encoding');
  });

  test('is absent when none was sent', async () => {
    await api.request('GET', '/');
    expect(api.event).not.toHaveProperty('body');
    expect(api.event).not.toHaveProperty('cookies');
    expect(api.event).not.toHaveProperty('queryStringParameters');
    expect(api.event).not.toHaveProperty('pathParameters');
    expect(api.event).toMatchObject({ isBase64Encoded: false, rawQueryString: '' });
  });

  test('arrives byte for byte, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 2000 }), async (bytes) => {
        await post('application/octet-stream', new Uint8Array(bytes));
        expect(Buffer.from(api.event.body ?? '', 'base64')).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 25 },
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }), async (text) => {
        await post('application/json', text);
        expect(api.event.body).toBe(text);
      }),
      { numRuns: 25 },
    );
  });
});

test('a query may have any names, those of Object.prototype too', async () => {
  await api.request('GET', '/?__proto__=1&constructor=2&__proto__=3');
  expect(Object.entries(api.event.queryStringParameters ?? {})).toEqual([
    ['__proto__', '1,3'],
    ['constructor', '2'],
  ]);
});

test('text content types are recognized in short time', () => {
  fc.assert(fc.property(fc.string(), (type) => void isTextContent(type)));
  expect(isTextContent(`${' '.repeat(100_000)}text/plain`)).toBe(true);
});
