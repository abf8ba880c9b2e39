import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { type BodyResult, readBody } from '../../src/endpoint/incoming-request.ts';

let server: Server;

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** A client of a server that reads at most ten bytes of the first request. */
async function openRequest(headers: Record<string, string> = {}) {
  const result = Promise.withResolvers<BodyResult>();
  server = createServer((received, response) => {
    void readBody(received, 10).then((body) => {
      response.end();
      result.resolve(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = request({ port, host: '127.0.0.1', method: 'POST', headers });
  client.on('error', () => {});
  return { client, result: result.promise };
}

test('a body of the maximum size is read, whatever parts it arrives in', async () => {
  const { client, result } = await openRequest();
  client.write('01234');
  client.end('56789');
  expect(String(await result)).toBe('0123456789');
});

test('a body that is announced as too large is not waited for', async () => {
  const { client, result } = await openRequest({ 'content-length': '11' });
  client.flushHeaders();
  expect(await result).toBe('too large');
});

test('a body that turns out to be too large is refused before its end', async () => {
  const { client, result } = await openRequest();
  client.write('01234567890');
  expect(await result).toBe('too large');
});

test('a client that goes before the end of its body is noticed', async () => {
  const { client, result } = await openRequest();
  client.write('0', () => client.destroy());
  expect(await result).toBe('aborted');
});
