import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ReplyBotStack } from '../../examples/reply-bot/reply-bot-stack.ts';
import { listen, publish, runBesideBus, until } from './run-example.ts';

interface Seen {
  readonly path: string | undefined;
  readonly key: unknown;
  readonly body: unknown;
}

const seen: Seen[] = [];
let waha: Awaited<ReturnType<typeof listen>>;
let run: LocalRun;

beforeAll(async () => {
  waha = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    seen.push({ path: request.url, key: request.headers['x-api-key'], body });
    response.writeHead(201).end('{}');
  });
  run = await runBesideBus((app) => new ReplyBotStack(app, 'ReplyBot', { wahaUrl: waha.url }), {
    environment: { WAHA_API_KEY: 'key of a test' },
  });
});

afterAll(async () => {
  await run?.close();
  await waha?.close();
});

beforeEach(() => {
  seen.length = 0;
});

const write = (id: string, body: string) =>
  publish(run, 'message', ({ meta, data }) => {
    Object.assign(meta, { id, fromMe: false, session: 'shop', chat: '12025550142@c.us' });
    data.body = body;
  });

test('who writes "ping" is answered "pong" in the same chat and session, with WAHA’s key', async () => {
  await write('one', 'Ping');
  await until(() => seen.length > 0);
  expect(seen).toEqual([
    {
      path: '/api/sendText',
      key: 'key of a test',
      body: { session: 'shop', chatId: '12025550142@c.us', text: 'pong' },
    },
  ]);
});

test('another text is not answered, and a duplicate is answered once', async () => {
  await write('two', 'ping');
  await until(() => seen.length > 0);
  await write('two', 'ping');
  await write('three', 'pong');
  await write('four', 'ping');
  await until(() => seen.length > 1);
  expect(seen).toHaveLength(2);
});
