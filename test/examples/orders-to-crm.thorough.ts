import type { IncomingHttpHeaders } from 'node:http';
import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { exampleConversation } from '../../events/conversation.docs.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { OrdersToCrmStack } from '../../examples/orders-to-crm/orders-to-crm-stack.ts';
import { firstMessagesIn, listen, publish, runBesideBus, until } from './run-example.ts';

interface Post {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

const posts: Post[] = [];
let status = 201;
let crm: Awaited<ReturnType<typeof listen>>;
let run: LocalRun;

beforeAll(async () => {
  crm = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    posts.push({ path: request.url, headers: request.headers, body });
    response.writeHead(status).end('{}');
  });
  const crmUrl = `${crm.url}/api/`;
  run = await runBesideBus((app) => new OrdersToCrmStack(app, 'OrdersToCrm', { crmUrl }), {
    environment: { CRM_TOKEN: 'token of a test' },
  });
});

afterAll(async () => {
  await run?.close();
  await crm?.close();
});

beforeEach(() => {
  posts.length = 0;
  status = 201;
});

/** The order of the example conversation, as ingest publishes it. */
const [event] = exampleConversation({ endsAt: Date.UTC(2026, 4, 1) }).flatMap(({ webhook }) => {
  const request = { receivedAt: new Date(Date.UTC(2026, 4, 1)), requestId: 'request' };
  const { events } = normalizeWebhook(Buffer.from(JSON.stringify(webhook)), request);
  return events.filter(({ data }) => (data as { content?: string }).content === 'order');
});

const order = (id: string) =>
  publish(run, 'message', (detail) => {
    Object.assign(detail, structuredClone(event));
    detail.meta.id = id;
  });

test('an order becomes one deal with customer, amount and the event’s id as idempotency key', async () => {
  const { meta, data } = await order('first');
  await until(() => posts.length > 0);
  expect(posts).toEqual([
    {
      path: '/api/deals',
      headers: expect.objectContaining({
        authorization: 'Bearer token of a test',
        'idempotency-key': meta.id,
      }),
      body: {
        customer: '+12025550142',
        reference: (data.order as { id: string }).id,
        title: 'Blue teapot',
        items: 1,
        amount: '42.50',
        currency: 'EUR',
        note: 'One blue teapot, please',
      },
    },
  ]);
});

test('an order that is delivered twice is one deal, and a text is none', async () => {
  await order('one');
  await until(() => posts.length > 0);
  await order('one');
  await publish(run, 'message');
  await order('two');
  await until(() => posts.length > 1);
  expect(posts.map(({ headers }) => headers['idempotency-key'])).toEqual(['one', 'two']);
});

test('what the CRM refuses waits in the dead-letter queue, and is not tried again', async () => {
  status = 422;
  const { meta } = await order('refused');
  const waiting = await firstMessagesIn(run, 'whatsapp-dev-orders-to-crm-dead-letters');
  expect(waiting.map(({ Body }) => JSON.parse(Body).detail.meta.id)).toEqual([meta.id]);
  expect(posts).toHaveLength(1);
});
