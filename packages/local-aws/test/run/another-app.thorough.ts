import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalRun, startLocalRun } from '../../src/local-run.ts';
import { synthesize } from '../../src/template/assembly.ts';

let assembly: string;
let partner: Server;
let run: LocalRun;
let sqs: SQSClient;
let outputs: Record<string, string>;
const requested: { method?: string; key: unknown; body: string }[] = [];

beforeAll(async () => {
  partner = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    requested.push({ method: request.method, key: request.headers['x-shop-key'], body });
    // The first attempt fails: EventBridge must retry.
    response.writeHead(requested.length === 1 ? 503 : 200).end();
  });
  await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve));
  const { port } = partner.address() as AddressInfo;
  assembly = mkdtempSync(join(tmpdir(), 'fanout-another-'));
  const project = fileURLToPath(new URL('../fixtures/another-app', import.meta.url));
  await synthesize(project, assembly, { partnerUrl: `http://127.0.0.1:${port}/orders` });
  const options = { assembly, ingressPort: 0, awsPort: 0, environment: {}, timeScale: 60 };
  run = await startLocalRun(options);
  outputs = Object.assign({}, ...run.stacks.map((stack) => stack.outputs));
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = { endpoint: run.awsEndpoint, region: run.region, credentials };
  sqs = new SQSClient(client);
  const put = (DetailType: string, id: number, total: number) => ({
    EventBusName: outputs.OrdersBus,
    Source: 'shop.web',
    DetailType,
    Detail: JSON.stringify({ id, total }),
  });
  const Entries = [
    put('order.placed', 1, 50),
    put('order.placed', 2, 5),
    put('order.cancelled', 1, 50),
    put('cart.opened', 3, 0),
  ];
  const events = new EventBridgeClient(client);
  const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries }));
  expect(FailedEntryCount).toBe(0);
});

afterAll(async () => {
  await run?.close();
  partner.close();
  rmSync(assembly, { recursive: true, force: true });
});

/** Receives messages until `countOf` returns `count`: by default, until so many are there. */
async function receive(
  QueueUrl: string | undefined,
  count: number,
  countOf = (bodies: readonly unknown[]) => bodies.length,
): Promise<unknown[]> {
  const bodies: unknown[] = [];
  while (countOf(bodies) < count) {
    const input = {
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 20,
      VisibilityTimeout: 43_200,
    };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(input));
    bodies.push(...Messages.map(({ Body = '' }) => JSON.parse(Body)));
  }
  return bodies;
}

describe('an app of another shape, from its template', () => {
  test('an event goes from one bus to the other, across stacks', async () => {
    const events = (await receive(outputs.AuditQueueUrl, 3)) as { 'detail-type': string }[];
    expect(events.map((event) => event['detail-type']).sort()).toEqual([
      'order.cancelled',
      'order.placed',
      'order.placed',
    ]);
  });

  test('a FIFO queue gets the transformed input of the events that match', async () => {
    expect(await receive(outputs.AccountingUrl, 1)).toEqual([
      { order: 1, text: expect.stringMatching(/^Order 1 of \d{4}-\d\d-\d\dT/) },
    ]);
  });

  test('the partner is called with the key, and again after a failure', async () => {
    while (requested.length < 3) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const calls = requested.map(({ method, key, body }) => `${method} ${key} ${body}`);
    expect(new Set(calls)).toEqual(
      new Set(['PUT open sesame "order 1"', 'PUT open sesame "order 2"']),
    );
  });

  test('code in the template reads its queue through an alias, with a parameter in its environment', async () => {
    // An order is delivered again, and shipped again, if the function takes longer than its visibility timeout.
    const numbersIn = (bodies: readonly unknown[]) =>
      new Set(bodies.map((body) => (body as { parcel: number }).parcel));
    const parcels = await receive(outputs.ShippedUrl, 2, (bodies) => numbersIn(bodies).size);
    expect(numbersIn(parcels)).toEqual(new Set([1, 2]));
    expect(parcels[0]).toMatchObject({ tax: 0.19, id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });
});
