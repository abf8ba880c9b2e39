import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OrdersStack } from '../../examples/queue-consumer/orders-stack.ts';
import { messagesIn, publish, runBesideBus } from './run-example.ts';

let run: LocalRun;

beforeAll(async () => {
  run = await runBesideBus((app) => new OrdersStack(app, 'Orders'));
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
  const messages = await messagesIn(run, 'whatsapp-dev-orders');
  expect(messages.map(({ Body }) => JSON.parse(Body).detail.meta.id)).toEqual([wanted.meta.id]);
});

test('its queue is in the outputs of its stack', () => {
  expect(run.stacks.find(({ name }) => name === 'Orders')?.outputs.QueueUrl).toMatch(
    /whatsapp-dev-orders$/,
  );
});
