import { afterEach, describe, expect, test } from '@jest/globals';
import type { CorsSettings } from '../../src/http-api/http-api-plan.ts';
import { LocalApi } from './local-api.ts';

let api: LocalApi;
afterEach(() => api.close());

const corsSettings: CorsSettings = {
  allowOrigins: ['https://app.example.com', 'http://*'],
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['content-type'],
  exposeHeaders: ['x-id'],
  allowCredentials: true,
  maxAge: 300,
};

const start = async (corsConfiguration?: CorsSettings) => {
  api = await new LocalApi(
    { corsConfiguration },
    {
      statusCode: 200,
      headers: { 'access-control-allow-origin': 'from the function', 'x-id': '1' },
    },
  ).start();
};
const preflight = (origin: string) =>
  api.request('OPTIONS', '/x', { headers: { origin, 'access-control-request-method': 'POST' } });
const corsHeaders = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

describe('an API with CORS', () => {
  test('answers a preflight request itself', async () => {
    await start(corsSettings);
    const { status, headers } = await preflight('https://app.example.com');
    expect(status).toBe(204);
    expect(corsHeaders(headers)).toEqual({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'content-type',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '300',
    });
    expect(api.events).toEqual([]);
  });

  test('gives no CORS permission to an origin that is not allowed', async () => {
    await start(corsSettings);
    const { status, headers } = await preflight('https://evil.example');
    expect([status, corsHeaders(headers)]).toEqual([204, {}]);
  });

  test("replaces the CORS headers of the function's response by its own", async () => {
    await start(corsSettings);
    const { headers } = await api.request('GET', '/x', {
      headers: { origin: 'http://any.example' },
    });
    expect(corsHeaders(headers)).toEqual({
      'access-control-allow-origin': 'http://any.example',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-id',
    });
    expect(headers.get('x-id')).toBe('1');
  });

  test('that allows all origins answers with an asterisk', async () => {
    await start({ allowOrigins: ['*'] });
    expect(corsHeaders((await preflight('https://any.example')).headers)).toEqual({
      'access-control-allow-origin': '*',
    });
  });
});

describe('an API without CORS', () => {
  test('routes a preflight request like any other, and does not change headers', async () => {
    await start();
    const { headers } = await preflight('https://any.example');
    expect(corsHeaders(headers)).toEqual({ 'access-control-allow-origin': 'from the function' });
    expect(api.events).toHaveLength(1);
  });
});
