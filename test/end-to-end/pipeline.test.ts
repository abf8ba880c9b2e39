import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Arrival, Arrivals } from '../../cli/local/arrivals.ts';
import { eventTypes } from '../../events/catalog.ts';
import { parse } from '../../events/parse.ts';
import { sign } from '../../events/signature.ts';
import { queuedConsumers } from '../../lib/consumer-row.ts';
import { consumers } from '../../lib/consumers.ts';
import { alwaysSubscribedTypes, subscribedTypes } from '../../lib/subscription.ts';
import { freshWebhook, type Proof, postWebhook } from '../../ops/send-webhook.ts';
import { publishedFragments } from '../events/published-fragments.ts';
import { testSecret } from './secrets.ts';
import { startProject, webhookUrlOf } from './start-project.ts';

const secret = testSecret;
const signed: Proof = { kind: 'signature', secret };
const inUrl: Proof = { kind: 'url-secret', secret };

const arrivals = new Arrivals();
let run: LocalRun;
let url: string;
let sqs: SQSClient;
let eventBridge: EventBridgeClient;
let s3: S3Client;

beforeAll(async () => {
  run = await startProject({ observer: arrivals.observer });
  url = webhookUrlOf(run);
  const client = {
    endpoint: run.awsEndpoint,
    region: run.region,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  };
  sqs = new SQSClient(client);
  eventBridge = new EventBridgeClient(client);
  s3 = new S3Client(client);
});

afterAll(async () => {
  await run?.close();
});

const send = async (body: unknown, proof: Proof | undefined = signed) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { status, body: answer } = await postWebhook(url, text, proof);
  return { status, answer: answer as { id: string; type: string; error?: string } };
};

const inSomeQueue = ({ queues }: Arrival) => queues.size > 0;
const queueUrl = (name: string) => `${run.awsEndpoint}/${run.accountId}/whatsapp-dev-${name}`;

/** The only message of a queue, taken out of it. */
async function receive(QueueUrl: string) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, MaxNumberOfMessages: 10 }),
  );
  expect(Messages).toHaveLength(1);
  await sqs.send(new PurgeQueueCommand({ QueueUrl })).catch(() => {});
  return parse(Messages[0] as { Body: string });
}

describe('every kind of event', () => {
  test.each(eventTypes)(
    '%s reaches each consumer that subscribes to it, as WAHA sends it and as Wawp does',
    async (type) => {
      const rows = queuedConsumers(consumers);
      const subscription = rows.filter(([, row]) => alwaysSubscribedTypes(row).includes(type));
      const queues = subscription.map(([name]) => `whatsapp-dev-${name}`);
      // Who hears a type under a condition may have heard this event or not.
      const others = rows
        .filter(
          ([, row]) =>
            subscribedTypes(row).includes(type) && !alwaysSubscribedTypes(row).includes(type),
        )
        .map(([name]) => `whatsapp-dev-${name}`);
      const subscribersOf = (names: Iterable<string>) =>
        [...names].filter((name) => !others.includes(name)).sort();
      const functions = subscription
        .filter(([, row]) => row.kind === 'function')
        .map(([name]) => `whatsapp-dev-${name}`);
      const isEverywhere = (arrival: Arrival) =>
        queues.every((queue) => arrival.queues.has(queue)) &&
        functions.every((name) => arrival.functions.has(name));
      for (const [sender, proof] of [
        ['waha', signed],
        ['wawp', inUrl],
      ] as const) {
        arrivals.clear();
        const { status, answer } = await send(freshWebhook(type, sender), proof);
        expect({ status, type: answer.type }).toEqual({ status: 202, type });
        const arrival = await arrivals.of(answer.id, isEverywhere, 60_000);
        expect(subscribersOf(arrival.queues.keys())).toEqual(queues.sort());
        expect(subscribersOf(arrival.functions.keys())).toEqual(functions.sort());
      }
    },
  );
});

const payloads = fileURLToPath(new URL('../../../shared/payloads', import.meta.url));
const published = existsSync(payloads)
  ? readdirSync(payloads, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.json'),
    )
  : [];

describe('published examples of webhooks', () => {
  test(`those that are here (${published.length}) are recognized and reach a queue`, async () => {
    const reported = new Set<string>();
    for (const name of published) {
      const body = readFileSync(join(payloads, name), 'utf8');
      arrivals.clear();
      const { status, answer } = await send(body);
      const { event } = JSON.parse(body) as { event: string };
      // Some of the examples tell the same fact; the second of them is answered 200.
      const type = publishedFragments.has(basename(name)) ? 'unrecognized' : event;
      expect([name, status < 300, answer.type]).toEqual([name, true, type]);
      reported.add(answer.id);
      if (status === 200) {
        continue;
      }
      const arrival = await arrivals.of(answer.id, inSomeQueue, 60_000);
      expect([name, [...arrival.queues.keys()]]).not.toEqual([name, []]);
      expect([...arrival.queues.keys()]).not.toContain('whatsapp-dev-unrouted');
    }
    if (published.length > 0) {
      expect(reported.size).toBeGreaterThan(published.length * 0.8);
    }
    await sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl('unrecognized') }));
  });
});

describe('a request that is not authentic', () => {
  const message = JSON.stringify(freshWebhook('message', 'waha'));

  test.each<[string, Proof | undefined]>([
    ['without a proof', undefined],
    ['with another secret', { kind: 'signature', secret: 'guess' }],
    ['with another secret in the URL', { kind: 'url-secret', secret: 'guess' }],
  ])('%s is answered 401, and nothing is on the bus', async (_name, proof) => {
    const before = run.services.eventBridge.metrics.published;
    const answer = await postWebhook(url, message, proof);
    expect(answer).toMatchObject({ status: 401, body: { error: 'unauthorized' } });
    expect(run.services.eventBridge.metrics.published).toBe(before);
  });
});

describe('an authentic request with unusual content', () => {
  test.each([
    ['not JSON', 'Hello?', 'not-json'],
    ['an empty body', '', 'not-json'],
    [
      'an unknown kind',
      '{"event":"message.translated","session":"a","payload":{"x":1}}',
      'unknown-event',
    ],
    [
      'a payload of another shape',
      '{"event":"message","session":"a","payload":"text"}',
      'invalid-payload',
    ],
  ])(
    '%s is accepted, and is in the queue of unrecognized webhooks with the reason',
    async (_name, body, reason) => {
      const { status, answer } = await send(body);
      expect({ status, type: answer.type }).toEqual({ status: 202, type: 'unrecognized' });
      await arrivals.of(answer.id, inSomeQueue, 60_000);
      const event = await receive(queueUrl('unrecognized'));
      expect(event).toMatchObject({
        type: 'unrecognized',
        meta: { id: answer.id },
        data: { reason },
      });
    },
  );

  test('fields that the catalog does not know stay in raw', async () => {
    const webhook = freshWebhook('presence.update', 'waha');
    await sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl('presence') }));
    const { answer } = await send({
      ...webhook,
      payload: { ...(webhook.payload as object), mood: 'good' },
      next: 1,
    });
    await arrivals.of(answer.id, inSomeQueue, 60_000);
    expect(await receive(queueUrl('presence'))).toMatchObject({
      raw: { payload: { mood: 'good' }, next: 1 },
    });
  });

  test('a body of 1 MB is accepted; what is too large for the bus is in the bucket', async () => {
    const webhook = freshWebhook('chat.archive', 'waha');
    await sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl('chats') }));
    const payload = { ...(webhook.payload as object), _data: 'x'.repeat(1_000_000) };
    const text = JSON.stringify({ ...webhook, payload });
    const { status, answer } = await send(text);
    expect({ status, type: answer.type }).toEqual({ status: 202, type: 'chat.archive' });
    await arrivals.of(answer.id, inSomeQueue, 60_000);
    const { raw } = await receive(queueUrl('chats'));
    const { bucket, key } = (raw as { claimCheck: { bucket: string; key: string } }).claimCheck;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    expect(await Body?.transformToString()).toBe(text);
  });

  test('a body beyond the limit is answered 413', async () => {
    expect((await send('x'.repeat(5_000_001))).status).toBe(413);
    expect((await send('x'.repeat(10 * 1024 * 1024 + 1))).status).toBe(413);
  });

  test.each([
    ['another method', 'GET', '/webhooks'],
    ['another path', 'POST', '/webhook'],
    ['the root', 'POST', '/'],
  ])('%s gets the 404 of an HTTP API', async (_name, method, path) => {
    const response = await fetch(new URL(path, url), {
      method,
      ...(method === 'POST'
        ? { body: '{}', headers: { 'x-webhook-hmac': sign('{}', secret) } }
        : {}),
    });
    expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
  });

  test('after all of this it is ready, and still serves requests', async () => {
    expect((await fetch(new URL('/health', url))).status).toBe(200);
    expect((await send(freshWebhook('label.upsert', 'waha'))).status).toBe(202);
  });
});

describe('the AWS endpoint', () => {
  test('lists the queues of the template', async () => {
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    for (const [name] of queuedConsumers(consumers)) {
      expect(QueueUrls).toContain(queueUrl(name));
      expect(QueueUrls).toContain(queueUrl(`${name}-dead-letters`));
    }
  });

  test('a consumer that is added while it runs receives the events of its rule', async () => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'mine' }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    const EventBusName = 'whatsapp-dev';
    await eventBridge.send(
      new PutRuleCommand({
        Name: 'mine',
        EventBusName,
        EventPattern: '{"source":["whatsapp"],"detail":{"meta":{"category":["polls"]}}}',
      }),
    );
    const Targets = [{ Id: '1', Arn: Attributes?.QueueArn ?? '' }];
    await eventBridge.send(new PutTargetsCommand({ Rule: 'mine', EventBusName, Targets }));
    const { answer } = await send(freshWebhook('poll.vote', 'waha'));
    await send(freshWebhook('call.received', 'waha'));
    await arrivals.of(answer.id, ({ queues }) => queues.has('mine'), 60_000);
    expect(await receive(QueueUrl)).toMatchObject({ type: 'poll.vote', meta: { id: answer.id } });
  });

  test('an event that no consumer subscribes to is in the unrouted queue', async () => {
    const detail = {
      meta: { id: 'x', type: 'message.translated', category: 'messages' },
      data: {},
    };
    const entry = {
      EventBusName: 'whatsapp-dev',
      Source: 'whatsapp',
      DetailType: 'message.translated',
    };
    await eventBridge.send(
      new PutEventsCommand({ Entries: [{ ...entry, Detail: JSON.stringify(detail) }] }),
    );
    expect(await receive(queueUrl('unrouted'))).toMatchObject({ type: 'message.translated' });
  });

  test('does not answer a page in a browser', async () => {
    const response = await fetch(run.awsEndpoint, {
      method: 'POST',
      headers: { origin: 'https://example.com', 'x-amz-target': 'AmazonSQS.ListQueues' },
      body: '{}',
    });
    expect(response.status).toBe(403);
  });
});
