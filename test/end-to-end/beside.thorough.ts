import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fanout, LocalCommand } from '../cli/local/local-command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const data = mkdtempSync(join(tmpdir(), 'fanout-beside-test-'));
const deals = Promise.withResolvers<string>();
const calls = Promise.withResolvers<string>();
const server = createServer(async (request, response) => {
  (request.url === '/crm/deals' ? deals : calls).resolve(await text(request));
  response.end('{}');
});
let run: LocalCommand;
const call = (...args: readonly string[]) =>
  fanout(root, [...args, '--data', data], { AWS_PORT: undefined, FANOUT_URL: undefined });

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const others = ['slack', 'orders-to-crm'].flatMap((name) => [
    ...['--app', `node examples/${name}/app.ts`],
  ]);
  run = new LocalCommand(root, ['--data', data, ...others, '-c', `crmUrl=${url}/crm/`], {
    SLACK_WEBHOOK_URL: `${url}/slack`,
    CRM_TOKEN: 'a token',
  });
  await run.ready();
});
afterAll(async () => {
  await run?.stop();
  server.close();
  rmSync(data, { recursive: true, force: true });
});

test('the conversation of "fanout send --demo" is accepted, each step with what happens in it', async () => {
  const { status, out } = await call('send', '--demo', '--json');
  const sent = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(status).toBe(0);
  expect(sent.length).toBeGreaterThan(12);
  expect(sent.filter((each) => each.status !== 202 || !each.what)).toEqual([]);
});

test('examples that run beside the pipeline receive its events: the order and the missed call', async () => {
  expect(JSON.parse(await deals.promise)).toMatchObject({ amount: '42.50', currency: 'EUR' });
  expect(JSON.parse(await calls.promise).text).toMatch(/^Missed /);
});

test('commands find the pipeline among the stacks, and the consumers of the others on its bus', async () => {
  const { out } = await call('rules', '--for', 'call.missed');
  expect(out).toContain('slack');
  expect((await call('state', 'chats')).out).toContain('Noor');
});
