import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RouteTable } from '../../src/http-api/http-api-plan.ts';
import { functionArn, LocalApi } from './local-api.ts';

const table = (...routeKeys: string[]) =>
  new RouteTable(routeKeys.map((routeKey) => ({ routeKey, functionArn: functionArn })));

describe('a request takes the most specific route', () => {
  // The routes and requests of API Gateway's documentation.
  const routes = table(
    '$default',
    'ANY /{proxy+}',
    'GET /pets/{proxy+}',
    'GET /pets/dog/{id}',
    'GET /pets/dog/1',
  );
  test.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
    ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
    ['POST', '/pets/dog/1', 'ANY /{proxy+}', { proxy: 'pets/dog/1' }],
    ['GET', '/', '$default', {}],
  ])('%s %s', (method, path, routeKey, parameters) => {
    const match = routes.match(method, path);
    expect(match?.route.routeKey).toBe(routeKey);
    expect(Object.fromEntries(match?.pathParameters ?? [])).toEqual(parameters);
  });

  test('a route of its method before one of any method', () => {
    expect(table('ANY /x', 'GET /x').match('GET', '/x')?.route.routeKey).toBe('GET /x');
    expect(table('ANY /x', 'GET /x').match('PUT', '/x')?.route.routeKey).toBe('ANY /x');
  });

  test('the order of the routes does not matter', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(['GET /a/{x}', 'GET /a/b', 'GET /{p+}', 'ANY /a/{p+}', '$default'], {
          minLength: 5,
        }),
        fc.constantFrom('/a/b', '/a/c', '/a/b/c', '/d', '/'),
        (keys, path) => {
          const expected = {
            '/a/b': 'GET /a/b',
            '/a/c': 'GET /a/{x}',
            '/a/b/c': 'ANY /a/{p+}',
            '/d': 'GET /{p+}',
            '/': '$default',
          }[path];
          expect(table(...keys).match('GET', path)?.route.routeKey).toBe(expected);
        },
      ),
    );
  });
});

describe('a request without a route', () => {
  test.each([
    ['GET', '/webhooks'],
    ['POST', '/webhook'],
    ['POST', '/webhooks/'],
    ['POST', '/webhooks/x'],
    ['POST', '//webhooks'],
    ['POST', '/Webhooks'],
    ['HEAD', '/webhooks'],
  ])('%s %s has none', (method, path) => {
    expect(table('POST /webhooks').match(method, path)).toBeUndefined();
  });

  let api: LocalApi | undefined;
  afterEach(() => api?.close());
  test('gets 404, whether the path or the method is wrong', async () => {
    api = await new LocalApi({
      routes: [{ routeKey: 'POST /webhooks', functionArn: functionArn }],
    }).start();
    for (const [method, path] of [
      ['POST', '/other'],
      ['GET', '/webhooks'],
      ['OPTIONS', '/webhooks'],
      ['DELETE', '/'],
    ] as const) {
      const { status, headers, body } = await api.request(method, path);
      expect([status, headers.get('content-type'), body]).toEqual([
        404,
        'application/json',
        '{"message":"Not Found"}',
      ]);
    }
    expect(api.events).toEqual([]);
  });
});

test('any path finds a route or none, and breaks nothing', () => {
  const routes = table('GET /a/{x}/b', 'ANY /c/{rest+}', 'POST /webhooks');
  fc.assert(
    fc.property(fc.string(), (path) => {
      routes.match('GET', `/${path}`);
      routes.match('POST', `/c/${path}`);
    }),
  );
});

test('a path parameter may have any name', () => {
  const match = table('GET /{__proto__}').match('GET', '/x');
  expect([...(match?.pathParameters ?? [])]).toEqual([['__proto__', 'x']]);
});

test.each([['webhooks'], ['post /x'], ['GET x'], ['']])(
  '%j is refused as a route key',
  (routeKey) => {
    expect(() => table(routeKey)).toThrow('is no route key');
  },
);

describe('a named stage', () => {
  let api: LocalApi;
  afterEach(() => api.close());
  test('is the first segment of the path, and may be left out as behind a custom domain', async () => {
    api = await new LocalApi({
      routes: [
        { routeKey: 'GET /hello', functionArn: functionArn },
        { routeKey: 'GET /', functionArn: functionArn },
      ],
      stage: { name: 'prod', stageVariables: { color: 'blue' } },
    }).start();
    expect((await api.request('GET', '/prod/hello')).status).toBe(200);
    expect(api.event).toMatchObject({
      rawPath: '/prod/hello',
      requestContext: { stage: 'prod' },
      stageVariables: { color: 'blue' },
    });
    expect((await api.request('GET', '/hello')).status).toBe(200);
    expect((await api.request('GET', '/prod')).status).toBe(200);
    expect((await api.request('GET', '/production')).status).toBe(404);
  });
});
