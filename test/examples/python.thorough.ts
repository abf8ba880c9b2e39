import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PythonStack } from '../../examples/python/python-stack.ts';
import { messagesIn, publish, runBesideBus } from './run-example.ts';

let run: LocalRun;

beforeAll(async () => {
  run = await runBesideBus((app) => new PythonStack(app, 'PythonConsumer'));
});

afterAll(async () => {
  await run?.close();
});

test('the queue of another stack gets what others write in direct chats, and nothing else', async () => {
  const inDirectChat = ({
    meta,
    data,
  }: Parameters<NonNullable<Parameters<typeof publish>[2]>>[0]) => {
    meta.fromMe = false;
    data.chat = { kind: 'user', id: '12025550142@c.us' };
  };
  const wanted = await publish(run, 'message', inDirectChat);
  await publish(run, 'message', (detail) => {
    inDirectChat(detail);
    detail.meta.fromMe = true;
  });
  await publish(run, 'message', (detail) => {
    inDirectChat(detail);
    detail.data.chat = { kind: 'group', id: '120363000000000001@g.us' };
  });
  await publish(run, 'call.received');
  const messages = await messagesIn(run, 'whatsapp-dev-python');
  expect(messages.map(({ Body }) => JSON.parse(Body).detail.meta.id)).toEqual([wanted.meta.id]);
});

test('its queue is in the outputs of its stack', () => {
  expect(run.stacks.find(({ name }) => name === 'PythonConsumer')?.outputs.QueueUrl).toMatch(
    /whatsapp-dev-python$/,
  );
});

test('the Python program handles what is in the queue, each event once, and goes on after one that fails', async () => {
  await publish(run, 'message', ({ meta, data }) => {
    Object.assign(meta, { fromMe: false, chat: '12025550142@c.us' });
    Object.assign(data, { chat: { kind: 'user', id: '12025550142@c.us' }, content: 'text' });
    data.body = 'twelve signs';
  });
  const bodies = (await messagesIn(run, 'whatsapp-dev-python')).map(({ Body }) => Body);
  const last = bodies.at(-1) ?? '';
  const output = execFileSync(
    'python3',
    [fileURLToPath(new URL('../../examples/python/consumer.py', import.meta.url)), '-'],
    { input: [last, '{"detail": {}}', last].join('\n'), encoding: 'utf8', stdio: 'pipe' },
  );
  expect(output).toMatch(/^\S+Z 12025550142@c\.us text: 12 characters\n$/);
});
