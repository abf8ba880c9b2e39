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
