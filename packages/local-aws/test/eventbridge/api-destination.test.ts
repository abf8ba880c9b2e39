import type { Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/aws-service.ts';
import { type Bench, newBench, queueArn, refusal } from './fixture.ts';
import { listen, readBody, type SeenRequest, until } from './http-server.ts';

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const requests: SeenRequest[] = [];
let answers: (Answer | 'hang')[] = [];
let server: Server;
let url = '';

beforeEach(async () => {
  requests.length = 0;
  answers = [];
  ({ url, server } = await listen(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    requests.push({ method, path, headers, body: await readBody(request) });
    const answer = answers.shift() ?? {};
    if (answer !== 'hang') {
      response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
    }
  }));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const apiKey = {
  AuthorizationType: 'API_KEY',
  AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'X-Key', ApiKeyValue: 'hush' } },
};

interface Setup {
  readonly connection?: JsonObject;
  readonly destination?: JsonObject;
  readonly target?: JsonObject;
  readonly bench?: Bench;
}

/** A rule that sends everything to this test's server. */
async function setUp({ connection = apiKey, destination, target, bench = newBench() }: Setup = {}) {
  const { ConnectionArn } = await bench.call('CreateConnection', { Name: 'c', ...connection });
  const { ApiDestinationArn } = await bench.call('CreateApiDestination', {
    Name: 'd',
    ConnectionArn,
    InvocationEndpoint: `${url}/hook`,
    HttpMethod: 'POST',
    ...destination,
  });
  await bench.rule(
    'r',
    { version: ['0'] },
    {
      Arn: String(ApiDestinationArn),
      DeadLetterConfig: { Arn: queueArn('dead') },
      ...target,
    },
  );
  return bench;
}

const settled = (bench: Bench, kinds: string) =>
  until(() => kinds.includes(bench.observations.at(-1)?.kind ?? 'nothing'));

describe('a request', () => {
  test('carries the event, EventBridge’s headers and the API key', async () => {
    const bench = await setUp();
    await bench.put({ n: 1 });
    await settled(bench, 'delivered');
    const [request] = requests;
    expect(request).toMatchObject({ method: 'POST', path: '/hook' });
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ source: 'test', detail: { n: 1 } });
    expect(request?.headers).toEqual({
      'x-key': 'hush',
      'user-agent': 'Amazon/EventBridge/ApiDestinations',
      'content-type': 'application/json; charset=utf-8',
      range: 'bytes=0-1048575',
      'accept-encoding': 'gzip,deflate',
      connection: 'close',
      'content-length': String(Buffer.byteLength(request?.body ?? '')),
      host: url.slice('http://'.length),
    });
  });

  test('with basic authorization has the user name and the password', async () => {
    const bench = await setUp({
      connection: {
        AuthorizationType: 'BASIC',
        AuthParameters: { BasicAuthParameters: { Username: 'ü', Password: 'p:w' } },
      },
    });
    await bench.put({});
    await settled(bench, 'delivered');
    expect(requests[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('ü:p:w').toString('base64')}`,
    );
  });

  test('is built from the destination, the target and the connection, which takes precedence', async () => {
    const bench = await setUp({
      connection: {
        ...apiKey,
        AuthParameters: {
          ...apiKey.AuthParameters,
          InvocationHttpParameters: {
            HeaderParameters: [{ Key: 'X-Both', Value: 'connection' }],
            QueryStringParameters: [{ Key: 'both', Value: 'connection' }],
            BodyParameters: [{ Key: 'added', Value: 'yes', IsValueSecret: true }],
          },
        },
      },
      destination: { InvocationEndpoint: `${url}/chats/*/messages/*?fixed=1`, HttpMethod: 'PUT' },
      target: {
        InputPath: '$.detail',
        HttpParameters: {
          PathParameterValues: ['$.detail.chat', 'a/b'],
          HeaderParameters: {
            'x-both': 'target',
            'X-Chat': '$.detail.chat',
            'X-None': '$.nothing',
          },
          QueryStringParameters: { both: 'target', n: '$.detail.n' },
        },
      },
    });
    await bench.put('{"chat":"49@c.us\\n","n":1.50}');
    await settled(bench, 'delivered');
    expect(requests[0]).toMatchObject({
      method: 'PUT',
      path: '/chats/49%40c.us%0A/messages/a%2Fb?fixed=1&both=connection&n=1.50',
      headers: { 'x-both': 'connection', 'x-chat': '49@c.us?', 'x-none': '' },
      body: '{"chat":"49@c.us\\n","n":1.50,"added":"yes"}',
    });
  });

  test('with GET has no body', async () => {
    const bench = await setUp({ destination: { HttpMethod: 'GET' } });
    await bench.put({});
    await settled(bench, 'delivered');
    expect(requests[0]).toMatchObject({ method: 'GET', body: '' });
  });
});

describe('a response', () => {
  test.each([401, 407, 409, 429, 500, 503])('with status %i is retried', async (status) => {
    const bench = await setUp();
    answers = [{ status }];
    await bench.put({});
    await settled(bench, 'failed');
    await bench.clock.advance(1000);
    await settled(bench, 'delivered');
    expect(requests).toHaveLength(2);
  });

  test.each([301, 400, 403, 404, 410])('with status %i is not retried', async (status) => {
    const bench = await setUp();
    answers = [{ status, headers: { location: '/elsewhere' }, body: 'secret of the server' }];
    await bench.put({});
    await settled(bench, 'deadLettered');
    expect(requests).toHaveLength(1);
    expect(bench.targets.messages('dead')[0]?.attributes).toMatchObject({
      ERROR_CODE: 'ERROR_FROM_TARGET',
      ERROR_MESSAGE: `The API destination answered with status ${status}.`,
      RETRY_ATTEMPTS: '0',
    });
  });

  test.each([
    ['120', 120_000],
    [new Date('2026-01-01T00:05:00Z').toUTCString(), 300_000],
    ['soon', 750],
    ['0', 750],
  ])('with Retry-After %s is retried after that time', async (retryAfter, retryInMs) => {
    const bench = await setUp();
    answers = [{ status: 503, headers: { 'retry-after': retryAfter } }];
    await bench.put({});
    await settled(bench, 'failed');
    expect(bench.observations.at(-1)).toMatchObject({ retryInMs });
  });

  test('with a negative Retry-After is not retried', async () => {
    const bench = await setUp();
    answers = [{ status: 503, headers: { 'retry-after': '-1' } }];
    await bench.put({});
    await settled(bench, 'deadLettered');
  });

  test('that does not arrive in time is a timeout and is retried', async () => {
    const bench = newBench({ apiTimeoutMs: 50 });
    await setUp({ bench });
    answers = ['hang'];
    await bench.put({});
    await settled(bench, 'failed');
    expect(bench.observations.at(-1)).toMatchObject({ errorCode: 'TIMEOUT' });
  });

  test('that is impossible is a connection failure and is retried', async () => {
    const bench = await setUp({ destination: { InvocationEndpoint: 'http://127.0.0.1:1/' } });
    await bench.put({});
    await settled(bench, 'failed');
    expect(bench.observations.at(-1)).toMatchObject({ errorCode: 'CONNECTION_FAILURE' });
  });
});

test('the invocation rate is limited, and no event is lost', async () => {
  const bench = await setUp({ destination: { InvocationRateLimitPerSecond: 2 } });
  for (let n = 0; n < 7; n += 1) {
    await bench.put({ n });
  }
  const sent = (count: number) => until(() => bench.eventBridge.metrics.delivered === count);
  await sent(2);
  for (const count of [3, 4, 5, 6, 7]) {
    await bench.clock.advance(499);
    expect(requests).toHaveLength(count - 1);
    await bench.clock.advance(1);
    await sent(count);
  }
  expect(bench.eventBridge.pending()).toBe(0);
  expect(bench.eventBridge.metrics.failedAttempts).toBe(0);
});

describe('connections and API destinations', () => {
  test('never show their secrets', async () => {
    const bench = await setUp({
      connection: {
        ...apiKey,
        AuthParameters: {
          ...apiKey.AuthParameters,
          InvocationHttpParameters: {
            HeaderParameters: [
              { Key: 'Open', Value: 'seen' },
              { Key: 'Closed', Value: 'hush2', IsValueSecret: true },
            ],
          },
        },
      },
    });
    const described = await bench.call('DescribeConnection', { Name: 'c' });
    expect(described).toMatchObject({
      ConnectionState: 'AUTHORIZED',
      AuthParameters: {
        ApiKeyAuthParameters: { ApiKeyName: 'X-Key' },
        InvocationHttpParameters: {
          HeaderParameters: [
            { Key: 'Open', Value: 'seen', IsValueSecret: false },
            { Key: 'Closed', IsValueSecret: true },
          ],
        },
      },
    });
    const listed = await bench.call('ListConnections');
    expect(JSON.stringify([described, listed])).not.toContain('hush');
  });

  test('are updated in part', async () => {
    const bench = await setUp();
    await bench.call('UpdateConnection', {
      Name: 'c',
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyValue: 'new' } },
    });
    await bench.call('UpdateApiDestination', { Name: 'd', InvocationEndpoint: `${url}/other` });
    expect(await bench.call('DescribeApiDestination', { Name: 'd' })).toMatchObject({
      HttpMethod: 'POST',
      InvocationEndpoint: `${url}/other`,
      InvocationRateLimitPerSecond: 300,
      ApiDestinationState: 'ACTIVE',
    });
    await bench.put({});
    await settled(bench, 'delivered');
    expect(requests[0]).toMatchObject({ path: '/other', headers: { 'x-key': 'new' } });
  });

  test('that are deleted end the delivery', async () => {
    const bench = await setUp();
    await bench.call('DeleteConnection', { Name: 'c' });
    expect(await bench.call('ListApiDestinations')).toMatchObject({
      ApiDestinations: [{ ApiDestinationState: 'INACTIVE' }],
    });
    await bench.put({});
    await settled(bench, 'deadLettered');
    await bench.call('DeleteApiDestination', { Name: 'd' });
    await bench.put({});
    await until(() => bench.eventBridge.metrics.deadLettered === 2);
    expect(bench.targets.messages('dead').map(({ attributes }) => attributes?.ERROR_CODE)).toEqual([
      'NO_RESOURCE',
      'NO_RESOURCE',
    ]);
    expect(requests).toEqual([]);
  });

  test('of OAuth are refused, because no access token is fetched here', async () => {
    const oauth = { Name: 'x', AuthorizationType: 'OAUTH_CLIENT_CREDENTIALS', AuthParameters: {} };
    expect((await refusal(newBench().call('CreateConnection', oauth))).message).toBe(
      'The local run has connections of the AuthorizationType API_KEY and BASIC only, not OAUTH_CLIENT_CREDENTIALS.',
    );
  });

  test.each([
    ['CreateConnection', { Name: 'c', ...apiKey }, 'ResourceAlreadyExistsException'],
    [
      'CreateConnection',
      { Name: 'x', AuthorizationType: 'BASIC', AuthParameters: {} },
      'ValidationException',
    ],
    [
      'CreateConnection',
      {
        Name: 'x',
        ...apiKey,
        AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'a\r\nb', ApiKeyValue: 'v' } },
      },
      'ValidationException',
    ],
    ['DescribeConnection', { Name: 'x' }, 'ResourceNotFoundException'],
    [
      'CreateApiDestination',
      {
        Name: 'x',
        ConnectionArn: 'x',
        InvocationEndpoint: 'https://example.com',
        HttpMethod: 'POST',
      },
      'ResourceNotFoundException',
    ],
    [
      'CreateApiDestination',
      {
        Name: 'x',
        ConnectionArn: 'x',
        InvocationEndpoint: 'http://example.com',
        HttpMethod: 'POST',
      },
      'ValidationException',
    ],
    [
      'CreateApiDestination',
      { Name: 'x', ConnectionArn: 'x', InvocationEndpoint: 'file:///etc', HttpMethod: 'POST' },
      'ValidationException',
    ],
    [
      'CreateApiDestination',
      {
        Name: 'x',
        ConnectionArn: 'x',
        InvocationEndpoint: 'https://example.com',
        HttpMethod: 'TRACE',
      },
      'ValidationException',
    ],
    ['UpdateApiDestination', { Name: 'x' }, 'ResourceNotFoundException'],
  ])('%s with %j is refused: %s', async (action, input, code) => {
    const bench = await setUp();
    expect((await refusal(bench.call(action, input))).code).toBe(code);
  });
});
