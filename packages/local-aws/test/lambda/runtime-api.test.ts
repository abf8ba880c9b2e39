import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RuntimeApi } from '../../src/lambda/environment/runtime-api.ts';
import type { Invocation } from '../../src/lambda/invoke/invocation.ts';
import { until } from './local-functions.ts';

const seen: unknown[][] = [];
let api: RuntimeApi;
let base: string;
beforeEach(async () => {
  seen.length = 0;
  api = new RuntimeApi({
    ready: () => seen.push(['ready']),
    responded: (...given) => seen.push(['responded', ...given]),
    failed: (...given) => seen.push(['failed', ...given]),
    initFailed: (...given) => seen.push(['initFailed', ...given]),
  });
  await api.listen();
  base = `http://${api.address}/2018-06-01/runtime`;
});
afterEach(() => api.close());

const invocation: Invocation = {
  requestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
  functionArn: 'arn:aws:lambda:us-east-2:123456789012:function:custom',
  payload: '{"text":"é"}',
  traceId: 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1',
};

const post = (path: string, body: string) => fetch(`${base}${path}`, { method: 'POST', body });

describe("a runtime of the user's own", () => {
  test('gets an invocation with the documented headers, as soon as there is one', async () => {
    const requested = fetch(`${base}/invocation/next`);
    await until(() => seen.length > 0);
    api.dispatch(invocation, 1_542_409_706_888);
    const response = await requested;
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'lambda-runtime-aws-request-id': invocation.requestId,
      'lambda-runtime-deadline-ms': '1542409706888',
      'lambda-runtime-invoked-function-arn': invocation.functionArn,
      'lambda-runtime-trace-id': invocation.traceId,
    });
    expect(await response.text()).toBe(invocation.payload);
  });

  test('posts results and errors', async () => {
    expect((await post('/invocation/id-1/response', '"done"')).status).toBe(202);
    expect((await post('/invocation/id-2/error', '{"errorType":"E"}')).status).toBe(202);
    expect((await post('/init/error', '{"errorType":"I"}')).status).toBe(202);
    expect(seen).toEqual([
      ['responded', 'id-1', '"done"'],
      ['failed', 'id-2', '{"errorType":"E"}'],
      ['initFailed', '{"errorType":"I"}'],
    ]);
  });

  test('gets an error when its result is too large', async () => {
    expect((await post('/invocation/id-1/response', 'x'.repeat(6_291_557))).status).toBe(413);
    expect(seen).toEqual([
      ['failed', 'id-1', expect.stringContaining('Function.ResponseSizeTooLarge')],
    ]);
  });

  test('may send a result and request the next invocation together', async () => {
    const socket = connect(Number(api.address.split(':')[1]), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\nHost: ${api.address}\r\nContent-Length: 1\r\n\r\n1` +
        `GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: ${api.address}\r\n\r\n`,
    );
    await until(() => seen.length === 2);
    expect(seen).toEqual([['responded', 'id-1', '1'], ['ready']]);
    socket.destroy();
  });
});

describe('others than the runtime', () => {
  test('get nothing under another host name', async () => {
    const socket = connect(Number(api.address.split(':')[1]), '127.0.0.1');
    socket.write('GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: evil.example\r\n\r\n');
    const [data] = await once(socket, 'data');
    expect(String(data)).toMatch(/^HTTP\/1.1 403/);
    socket.destroy();
  });

  test('get 404 for any other path', async () => {
    const parts = [
      '2018-06-01',
      'runtime',
      'invocation',
      'next',
      'response',
      'error',
      '/',
      '%2e',
      '..',
      '?',
      'é',
    ];
    const anyPath = fc.array(fc.constantFrom(...parts)).map((all) => all.join('/'));
    await fc.assert(
      fc.asyncProperty(anyPath, async (path) => {
        const response = await fetch(`http://${api.address}/${path}`, { method: 'POST' });
        await response.arrayBuffer();
        expect(response.status).toBe(404);
      }),
      { numRuns: 50 },
    );
    expect(seen).toEqual([]);
  });
});

test("our runtime speaks the documented protocol over the port as well as a user's own", async () => {
  const directory = mkdtempSync(join(tmpdir(), 'fanout-runtime-'));
  writeFileSync(join(directory, 'index.mjs'), 'export const handler = async (event) => event;');
  const bootstrap = new URL('../../src/lambda/runtime/bootstrap.mjs', import.meta.url);
  const child = spawn(process.execPath, [fileURLToPath(bootstrap)], {
    env: {
      AWS_LAMBDA_RUNTIME_API: api.address,
      LAMBDA_TASK_ROOT: directory,
      _HANDLER: 'index.handler',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  await until(() => seen.length === 1);
  api.dispatch(invocation, Date.now() + 600_000);
  await until(() => seen.length === 3);
  expect(seen).toEqual([
    ['ready'],
    ['responded', invocation.requestId, invocation.payload],
    ['ready'],
  ]);
  api.close();
  await once(child, 'exit');
  rmSync(directory, { recursive: true });
});
