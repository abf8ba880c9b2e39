import { afterEach, describe, expect, test } from '@jest/globals';
import { functionArn, LocalApi } from './local-api.ts';

let api: LocalApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

const settings = {
  kind: 'rest-api',
  routes: [{ routeKey: 'POST /webhooks/{secret}', functionArn: functionArn }],
  stage: { name: 'prod' },
  responseHeaders: new Map([['DEFAULT_5XX', [['retry-after', '5']] as [string, string][]]]),
} as const;

describe('a REST API', () => {
  test('gives its function payload format 1.0, with the path behind the stage', async () => {
    api = await new LocalApi(settings, { statusCode: 202, body: 'taken' }).start();
    const answer = await api.request('POST', '/prod/webhooks/abc?a=1&a=2', {
      headers: { 'X-Thing': 'Grosse', 'content-type': 'application/json' },
      body: '{"text":"Größe"}',
    });
    expect(answer.status).toBe(202);
    expect(api.events[0]).toMatchObject({
      resource: '/webhooks/{secret}',
      path: '/webhooks/abc',
      httpMethod: 'POST',
      pathParameters: { secret: 'abc' },
      queryStringParameters: { a: '2' },
      multiValueQueryStringParameters: { a: ['1', '2'] },
      requestContext: { stage: 'prod', identity: { sourceIp: '127.0.0.1' } },
      body: '{"text":"Größe"}',
      isBase64Encoded: false,
    });
  });

  test('sends what its function returns, several values of one header too', async () => {
    const result = {
      headers: { 'X-One': 'a', 'X-Many': 'replaced' },
      multiValueHeaders: { 'x-many': ['b', 'c'], 'Set-Cookie': ['d=1', 'e=2'] },
      body: '{}',
      isBase64Encoded: true,
    };
    api = await new LocalApi(settings, result).start();
    const { status, headers, body } = await api.request('POST', '/prod/webhooks/abc');
    expect([status, body]).toEqual([200, '{}']);
    expect(headers.get('content-type')).toBe('application/json');
    expect([headers.get('x-one'), headers.get('x-many')]).toEqual(['a', 'b, c']);
    expect(headers.getSetCookie()).toEqual(['d=1', 'e=2']);
  });

  test.each([
    ['a text', 'hello'],
    ['null', null],
    ['an object of another kind', { message: 'hello' }],
    ['a member that the format does not have', { statusCode: 200, cookies: [] }],
    ['a body that is an object', { statusCode: 200, body: {} }],
    ['headers that are a list', { statusCode: 200, headers: [] }],
    ['a header whose values are no list', { statusCode: 200, multiValueHeaders: { a: 'b' } }],
  ])('answers 502 when its function returns %s', async (_name, result) => {
    api = await new LocalApi(settings, async () => ({ payload: JSON.stringify(result) })).start();
    const answer = await api.request('POST', '/prod/webhooks/abc');
    expect([answer.status, answer.body]).toEqual([502, '{"message":"Internal server error"}']);
  });

  test('reports a missing route with the REST API’s own message', async () => {
    api = await new LocalApi(settings).start();
    const answer = await api.request('GET', '/prod/elsewhere');
    expect([answer.status, answer.body]).toEqual([
      403,
      '{"message":"Missing Authentication Token"}',
    ]);
  });

  test('adds the headers of the template to its own responses', async () => {
    api = await new LocalApi(settings, async () => ({
      payload: '{"errorType":"Error"}',
      functionError: 'Unhandled',
    })).start();
    const answer = await api.request('POST', '/prod/webhooks/abc', { body: '{}' });
    expect(answer.status).toBe(502);
    expect(answer.headers.get('retry-after')).toBe('5');
  });
});
