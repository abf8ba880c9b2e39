import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { combineObservers, createReporter } from '../../cli/local/reporter.ts';
import { type EventType, eventTypes } from '../../events/catalog.ts';
import type { Sender } from '../../events/envelope.ts';
import { type ExampleWebhook, exampleWebhook } from '../../events/example-webhook.ts';
import { consumers } from '../../lib/consumers.ts';
import { type Proof, postWebhook } from '../../ops/send-webhook.ts';
import { testSecret } from '../end-to-end/secrets.ts';
import { startProject, webhookUrlOf } from '../end-to-end/start-project.ts';
import { foundIn, personalValues } from './personal-values.ts';

const secret = testSecret;
const signed: Proof = { kind: 'signature', secret };
const functions = Object.entries(consumers).filter(([, { kind }]) => kind === 'function');

/** Everything that functions, front door, local run and its two reporters have said. */
let printed = '';
/** What was in queues: the proof that there was something to be found. */
let carried = '';
/** Calls of AWS that fail now, by the beginning of their names. */
let failing: readonly string[] = [];
let run: LocalRun;
let url: string;

/** The worst that AWS could answer: an error that quotes what it was given. */
function refuseAloud(request: IncomingMessage, response: ServerResponse): boolean {
  const target = String(request.headers['x-amz-target']);
  if (!failing.some((name) => target.startsWith(name))) {
    return false;
  }
  void (async () => {
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type: 'ValidationException', message: `Refused: ${body}` }));
  })();
  return true;
}

beforeAll(async () => {
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  run = await startProject({
    timeScale: 60,
    fault: refuseAloud,
    observer: combineObservers([
      createReporter({}).observer,
      createReporter({ json: true }).observer,
      {
        logged: (line) => {
          printed += `${JSON.stringify(line)}\n${line.text}\n`;
        },
        accessLogged: (line) => {
          printed += `${line}\n`;
        },
        // What was served is told to observers whole; what they write of it, the reporters above show.
        routed: (observation) => {
          printed += `${JSON.stringify(observation)}\n`;
        },
        queued: (_queue, body) => {
          carried += body;
        },
      },
    ]),
  });
  url = webhookUrlOf(run);
}, 300_000);

afterAll(async () => {
  await run?.close();
  jest.restoreAllMocks();
});

const examples: readonly (readonly [EventType, Sender])[] = eventTypes.flatMap((type) => [
  [type, 'waha'] as const,
  [type, 'wawp'] as const,
]);

/** Posts something made of each example, a few at a time, and returns how often each answer came. */
async function postEach(
  make: (webhook: ExampleWebhook, index: number) => unknown,
  proof: Proof | undefined = signed,
): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  const waiting = examples.map(([type, sender], index) => ({ type, sender, index }));
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const id = `evt_${crypto.randomUUID()}`;
      const made = make(exampleWebhook(next.type, next.sender, { id }), next.index);
      const text = typeof made === 'string' ? made : JSON.stringify(made);
      const { status } = await postWebhook(url, text, proof);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  return statuses;
}

/** Resolves when the functions have handled, or given up, all that is in their queues. */
async function settled(): Promise<void> {
  const names = [...functions.map(([name]) => name), 'spill'];
  for (;;) {
    const counts = await Promise.all(names.map(inQueue));
    if (counts.every((count) => count === 0)) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Resolves when somebody has written this. */
async function hasPrinted(text: string): Promise<void> {
  while (!printed.includes(text)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function inQueue(name: string): Promise<number> {
  const { Attributes } = await run.services.sqs.call('GetQueueAttributes', {
    QueueUrl: queueUrl(name),
    AttributeNames: ['All'],
  });
  const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } =
    Attributes as Record<string, string>;
  return Number(visible) + Number(hidden);
}

const queueUrl = (name: string) => `${run.awsEndpoint}/${run.accountId}/whatsapp-dev-${name}`;

const all = new Set(examples.flatMap(([type, sender]) => personalValues(type, sender)));
const [number = ''] = [...all].filter((value) => /^\d{9,}$/.test(value));

describe('every example, on every way through the pipeline', () => {
  test('has something personal in it that is worth looking for', () => {
    for (const [type, sender] of examples) {
      expect([type, sender, personalValues(type, sender).length > 0]).toEqual([type, sender, true]);
    }
    expect(all.size).toBeGreaterThan(60);
    expect(number).toMatch(/^\d+$/);
  });

  test('accepted, and handled by each consumer', async () => {
    expect(await postEach((webhook) => webhook)).toMatchObject({ 202: expect.any(Number) });
    await settled();
    expect(printed).toContain('"Latency"');
  }, 200_000);

  test('reported again, by the same and by the other sender', async () => {
    expect(await postEach((webhook) => webhook)).toMatchObject({ 200: expect.any(Number) });
    expect(printed).toContain('"Result":"duplicate"');
  }, 200_000);

  test('not authentic, also with a number where an id is expected', async () => {
    const forged: Proof = { kind: 'url-secret', secret: `${number}@c.us` };
    expect(await postEach((webhook) => webhook, forged)).toEqual({ 401: examples.length });
    expect(printed).toContain('unauthorized');
  }, 200_000);

  test('cut off, of an unknown kind, of another shape', async () => {
    const accepted = { 202: examples.length };
    const full = (webhook: ExampleWebhook) => JSON.stringify(webhook);
    expect(await postEach((webhook, index) => `${full(webhook).slice(0, -2)}${index}`)).toEqual(
      accepted,
    );
    const unknown = (webhook: ExampleWebhook) => ({ ...webhook, event: `told.by ${number}` });
    expect(await postEach(unknown)).toMatchObject({ 202: expect.any(Number) });
    const shapeless = (webhook: ExampleWebhook) => ({
      ...webhook,
      payload: JSON.stringify(webhook.payload),
    });
    expect(await postEach(shapeless)).toMatchObject({ 202: expect.any(Number) });
  }, 200_000);

  test('with fields that are not known, whose names are personal themselves', async () => {
    const values = [...all];
    const drifting = (webhook: ExampleWebhook, index: number) => ({
      ...webhook,
      timestamp: Date.now() + index,
      payload: {
        ...(webhook.payload as object),
        [number]: values[index],
        [`${number}@c.us`]: { name: values[index] },
        newField: values[index],
      },
    });
    expect(await postEach(drifting)).toMatchObject({ 202: expect.any(Number) });
    expect(printed).toContain('"drift"');
    expect(printed).toContain('newField');
  }, 200_000);

  test('too large for the bus, and too large for the HTTP API', async () => {
    const filled = (messages: number) => (webhook: ExampleWebhook, index: number) =>
      index % 11 === 0 ? { ...webhook, more: [...all].join(' ').padEnd(messages, 'x') } : '';
    expect(await postEach(filled(900_000))).toMatchObject({ 202: expect.any(Number) });
    expect(printed).toContain('ClaimChecks');
    expect(await postEach(filled(5_100_000))).toMatchObject({ 413: expect.any(Number) });
  }, 200_000);

  test('while the tables refuse aloud: consumers fail, and give up', async () => {
    failing = ['DynamoDB'];
    const later = (webhook: ExampleWebhook) => ({ ...webhook, timestamp: Date.now() });
    expect(await postEach(later)).toEqual({ 202: examples.length });
    await settled();
    failing = [];
    expect(printed).toContain('"outcome":"permanent"');
  }, 300_000);

  test('while the bus refuses aloud: spilled, refused again, and published in the end', async () => {
    failing = ['AWSEvents.PutEvents'];
    const later = (webhook: ExampleWebhook) => ({ ...webhook, session: 'spilled' });
    expect(await postEach(later)).toMatchObject({ 202: expect.any(Number) });
    await hasPrinted('the bus still refuses');
    failing = [];
    await settled();
    expect(printed).toContain('the bus refused events');
  }, 300_000);

  test('while bus and queues refuse: the sender has to try again', async () => {
    failing = ['AWSEvents.PutEvents', 'AmazonSQS.SendMessage'];
    const later = (webhook: ExampleWebhook) => ({ ...webhook, session: 'refused' });
    expect(await postEach(later)).toMatchObject({ 503: expect.any(Number) });
    failing = [];
    expect(printed).toContain('the spill queue refused them too');
  }, 200_000);

  test('put into a queue as it is, by somebody else: no consumer knows it', async () => {
    for (const [name] of [...functions, ['spill'] as const]) {
      for (const [type, sender] of examples) {
        const { payload, me } = exampleWebhook(type, sender);
        const MessageBody = JSON.stringify({
          detail: {
            meta: { id: me, type, category: 'x', requestId: `of ${number}` },
            data: payload,
          },
        });
        const QueueUrl = queueUrl(name);
        await run.services.sqs.call('SendMessage', { QueueUrl, MessageBody });
        await run.services.sqs.call('SendMessage', { QueueUrl, MessageBody: MessageBody.slice(9) });
      }
    }
    await Promise.all(functions.map(([name]) => inQueue(name)));
    await hasPrinted('cannot be republished');
    await hasPrinted('NotAWhatsAppEventError');
  }, 300_000);

  test('is in the queues with all that it holds, and in no line that anybody has written', () => {
    expect(foundIn(carried, all).length).toBeGreaterThan(all.size * 0.9);
    expect(foundIn(printed, all)).toEqual([]);
    expect(foundIn(printed, [secret])).toEqual([]);
  });
});
