import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LocalApi, readResponses } from './local-api.ts';

const megabyte = 1024 * 1024;

let api: LocalApi;
beforeAll(async () => {
  api = await new LocalApi({}, { statusCode: 200, body: 'served' }, (request, response) => {
    if (request.url !== '/health') {
      return false;
    }
    response.end('healthy');
    return true;
  }).start();
});
afterAll(() => api.close());

const statusOf = (response: string) => Number(response.split(' ')[1]);
const expectServing = async () => expect((await api.request('GET', '/x')).body).toBe('served');

describe('a request that is too large', () => {
  test('is refused by its announced length before it is read', async () => {
    const socket = await api.connect();
    socket.write('POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n');
    const response = await readResponses(socket);
    expect(response).toMatch(/^HTTP\/1.1 413 /);
    expect(response).toMatch(/\{"message":"Request Entity Too Large"\}$/);
  });

  test('is refused once the limit is exceeded, and the client can still read the response', async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(megabyte));
        if ((this as { sent?: number }).sent === 12) {
          controller.close();
        }
        (this as { sent?: number }).sent = ((this as { sent?: number }).sent ?? 0) + 1;
      },
    });
    const { status } = await api.request('POST', '/x', { body, duplex: 'half' } as RequestInit);
    expect(status).toBe(413);
  });

  test('is served at exactly 10 MB', async () => {
    const { status } = await api.request('POST', '/x', { body: new Uint8Array(10 * megabyte) });
    expect(status).toBe(200);
  });

  test('is refused before its body if the client asks first', async () => {
    expect(
      await api.raw(
        'POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n',
      ),
    ).toMatch(/^HTTP\/1.1 413 /);
  });
});

test('a client that expects `100 Continue` before it sends its body gets it', async () => {
  const socket = await api.connect();
  socket.write('POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
  const [first] = await once(socket, 'data');
  expect(String(first)).toMatch(/^HTTP\/1.1 100 Continue/);
  socket.write('hi');
  expect(statusOf(await readResponses(socket))).toBe(200);
  expect(api.event.body).toBe('hi');
});

describe('headers', () => {
  test('above 10,240 bytes are refused', async () => {
    const { status, body } = await api.request('GET', '/x', {
      headers: { big: 'x'.repeat(10_240) },
    });
    expect([status, body]).toEqual([431, '{"message":"Request Header Fields Too Large"}']);
    expect((await api.request('GET', '/x', { headers: { big: 'x'.repeat(9_000) } })).status).toBe(
      200,
    );
  });

  test('far above that are refused too', async () => {
    expect(
      statusOf(await api.raw(`GET /x HTTP/1.1\r\nHost: a\r\nBig: ${'x'.repeat(200_000)}\r\n\r\n`)),
    ).toBe(431);
    await expectServing();
  });

  test('a path above that is refused', async () => {
    expect((await api.request('GET', `/${'x'.repeat(11_000)}`)).status).toBe(431);
  });
});

describe('data that is not HTTP', () => {
  test.each([
    ['filters', 'hello\r\n\r\n'],
    [
      'a bad chunk',
      'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nbad\r\n',
    ],
    [
      'two lengths',
      'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    ],
    [
      'length and chunks',
      'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    ],
    ['a negative length', 'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n'],
    ['no host', 'GET /x HTTP/1.1\r\n\r\n'],
    ['a header without a name', 'GET /x HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n'],
  ])('%s is refused, and the next client is served', async (_what, bytes) => {
    expect(statusOf(await api.raw(bytes))).toBe(400);
    await expectServing();
  });

  test('of any kind breaks nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const socket = await api.connect();
        socket.end(
          Buffer.concat([
            Buffer.from('POST /x HTTP/1.1\r\nHost: a\r\n'),
            bytes,
            Buffer.from('\r\n\r\n'),
          ]),
        );
        socket.resume();
        await once(socket, 'close');
      }),
      { numRuns: 40 },
    );
    await expectServing();
  });
});

test('a client that goes away in the middle of its body does not reach the function', async () => {
  const before = api.events.length;
  const socket = await api.connect();
  socket.write('POST /gone HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf');
  await expectServing();
  socket.destroy();
  await once(socket, 'close');
  await expectServing();
  expect(api.events.slice(before).map(({ rawPath }) => rawPath)).toEqual(['/x', '/x']);
});

test('pipelined requests are answered in order', async () => {
  const one = (path: string, body: string) =>
    `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const before = api.events.length;
  const responses = await api.raw(one('/1', 'a') + one('/2', 'bb') + one('/3', 'ccc'), 3);
  expect(responses.match(/HTTP\/1.1 200/g)).toHaveLength(3);
  expect(api.events.slice(before).map(({ rawPath, body }) => [rawPath, body])).toEqual([
    ['/1', 'a'],
    ['/2', 'bb'],
    ['/3', 'ccc'],
  ]);
});

test('a slow client is waited for, while others are served', async () => {
  const socket = await api.connect();
  socket.write('POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n');
  for (const message of 'slow') {
    await expectServing();
    socket.write(message);
  }
  expect(statusOf(await readResponses(socket))).toBe(200);
});

test('requests that are not for the API are answered by the program that started it', async () => {
  expect((await api.request('GET', '/health')).body).toBe('healthy');
});

describe('closing', () => {
  test('finishes the running requests, and accepts no more', async () => {
    const { promise, resolve } = Promise.withResolvers<{ payload: string }>();
    const called = Promise.withResolvers<void>();
    const own = await new LocalApi({}, () => {
      called.resolve();
      return promise;
    }).start();
    const request = own.request('GET', '/x');
    await called.promise;
    const closed = own.close();
    await expect(own.connect()).rejects.toThrow('ECONNREFUSED');
    resolve({ payload: '"last"' });
    expect((await request).body).toBe('"last"');
    await closed;
  });

  test('twice is the same as once', async () => {
    const own = await new LocalApi().start();
    await own.close();
    await own.close();
  });
});

test('a port in use is refused', async () => {
  const other = new LocalApi();
  const { HttpApi } = await import('../../src/http-api/http-api.ts');
  const second = new HttpApi({
    settings: { apiId: 'a', routes: [], stage: { name: '$default' } },
    clock: other.clock,
    functions: { invoke: async () => ({ payload: '' }) },
  });
  await expect(second.listen(api.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
