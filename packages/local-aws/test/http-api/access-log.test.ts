import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileAccessLog } from '../../src/http-api/access-log.ts';
import { functionArn, LocalApi } from './local-api.ts';

let api: LocalApi | undefined;
afterEach(() => api?.close());

const format = JSON.stringify({
  id: '$context.requestId',
  time: '$context.requestTime',
  epoch: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  path: '$context.path',
  route: '$context.routeKey',
  status: '$context.status',
  received: '$context.dataProcessed',
  length: '$context.responseLength',
  ip: '$context.identity.sourceIp',
  agent: '$context.identity.userAgent',
  domain: '$context.domainName',
  integration: '$context.integration.status',
  latency: '$context.integrationLatency',
  error: '$context.error.message',
  account: '$context.accountId/$context.apiId/$context.stage',
  unknown: '$context.nothing.like.this',
});

test('each request writes a line in the format of the stage, without its query', async () => {
  api = await new LocalApi(
    {
      routes: [{ routeKey: 'POST /webhooks', functionArn: functionArn }],
      stage: { name: '$default', accessLogFormat: format },
    },
    { statusCode: 202, body: 'ok' },
  ).start();
  await api.request('POST', '/webhooks?secret=1', {
    body: 'x',
    headers: { 'user-agent': 'a"b\\c' },
  });
  await api.request('POST', '/other');
  const [served, refused] = api.accessLog.map((line) => JSON.parse(line));
  expect(served).toEqual({
    id: api.event.requestContext.requestId,
    time: '01/Jan/2026:00:00:00 +0000',
    epoch: '1767225600000',
    method: 'POST',
    path: '/webhooks',
    route: 'POST /webhooks',
    status: '202',
    received: '1',
    length: '2',
    ip: '127.0.0.1',
    agent: 'a"b\\c',
    domain: '127.0.0.1',
    integration: '202',
    latency: expect.stringMatching(/^\d+$/),
    error: '-',
    account: '123456789012/a1b2c3d4e5/$default',
    unknown: '-',
  });
  expect(refused).toMatchObject({
    status: '404',
    route: '-',
    integration: '-',
    latency: '-',
    error: 'Not Found',
  });
});

test('a stage without a format logs nothing', async () => {
  api = await new LocalApi().start();
  await api.request('GET', '/x');
  expect(api.accessLog).toEqual([]);
});

test('whatever a client sends, a JSON format gives JSON on one line', () => {
  const settings = { apiId: 'a', routes: [], stage: { name: '$default' } };
  const render = compileAccessLog(
    '{"agent":"$context.identity.userAgent","path":"$context.path"}',
    settings,
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (userAgent, path) => {
      const line = render({
        facts: {
          requestId: 'r',
          time: 0,
          method: 'GET',
          path,
          query: '',
          sourceIp: '',
          userAgent,
          domainName: '',
          protocol: '',
          traceId: '',
        },
        status: 200,
        responseLength: 0,
        responseLatencyMs: 0,
      });
      expect(line).not.toContain('\n');
      expect(JSON.parse(line)).toEqual({ agent: userAgent, path });
    }),
  );
});
