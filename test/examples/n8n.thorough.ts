import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LocalRun, type Observation, SteppedClock } from '@event-fanout/local-aws';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { N8nStack } from '../../examples/n8n/n8n-stack.ts';
import { listen, messagesIn, publish, runBesideBus, until } from './run-example.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(code, headers).end();
  };

const clock = new SteppedClock();
const seen: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
const observations: Observation[] = [];
let answers: Answer[] = [];
/** What the server says when there is no answer left. */
let otherwise: Answer = status(200);
let n8n: Awaited<ReturnType<typeof listen>>;
let run: LocalRun;

beforeAll(async () => {
  n8n = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    (answers.shift() ?? otherwise)(response, request);
  });
  const webhookUrl = `${n8n.url}/webhook/whatsapp`;
  run = await runBesideBus((app) => new N8nStack(app, 'N8n', { webhookUrl }), {
    clock,
    observer: { routed: (observation) => observations.push(observation) },
  });
});

afterAll(async () => {
  await run?.close();
  await n8n?.close();
});

beforeEach(async () => {
  seen.length = 0;
  observations.length = 0;
  answers = [];
  otherwise = status(200);
  const QueueUrl = `${run.awsEndpoint}/${run.accountId}/whatsapp-dev-undeliverable`;
  for (const { ReceiptHandle } of (await messagesIn(
    run,
    'whatsapp-dev-undeliverable',
  )) as never as {
    ReceiptHandle: string;
  }[]) {
    await run.services.sqs.call('DeleteMessage', { QueueUrl, ReceiptHandle });
  }
});

const kinds = () => observations.map(({ kind }) => kind).filter((kind) => kind !== 'published');
const has = (kind: Observation['kind'], times = 1) =>
  until(() => kinds().filter((each) => each === kind).length >= times);
const undeliverable = () => messagesIn(run, 'whatsapp-dev-undeliverable');

describe('an endpoint that answers', () => {
  test('200 has the whole event, with the secret in its header, once', async () => {
    const { meta } = await publish(run, 'message');
    await has('delivered');
    expect(seen).toHaveLength(1);
    expect(seen[0]?.headers['x-webhook-secret']).toBe('local-n8n-secret');
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({
      source: 'whatsapp',
      'detail-type': 'message',
      detail: { meta: { id: meta.id } },
    });
    expect(await undeliverable()).toEqual([]);
  });

  test('429 with Retry-After is left alone for that long, and then has the event', async () => {
    answers = [status(429, { 'retry-after': '120' })];
    await publish(run, 'message');
    await has('failed');
    await clock.advance(119_000);
    expect(seen).toHaveLength(1);
    await clock.advance(2_000);
    await has('delivered');
    expect(seen).toHaveLength(2);
  });

  test('500 is asked again, later and later, until it answers 200', async () => {
    answers = [status(500), status(500), status(503)];
    await publish(run, 'message');
    for (const attempts of [1, 2, 3]) {
      await has('failed', attempts);
      await clock.advance(60_000);
    }
    await has('delivered');
    expect(seen).toHaveLength(4);
    const waits = observations.flatMap((each) => (each.kind === 'failed' ? each.retryInMs : []));
    expect(waits).toHaveLength(3);
    expect(waits[0]).toBeLessThan(waits[2] as number);
  });

  test('500 until the event is too old leaves it in the undeliverable queue with the reason', async () => {
    otherwise = status(500);
    const { meta } = await publish(run, 'message');
    await has('failed');
    while (!kinds().includes('deadLettered')) {
      const failures = kinds().filter((kind) => kind === 'failed').length;
      await clock.advance(10 * 60_000);
      await until(
        () =>
          kinds().includes('deadLettered') ||
          kinds().filter((k) => k === 'failed').length > failures,
      );
    }
    const [message, ...others] = await undeliverable();
    expect(others).toEqual([]);
    expect(JSON.parse(message?.Body ?? '').detail.meta.id).toBe(meta.id);
    expect(message?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'ERROR_FROM_TARGET' },
      EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumEventAgeInSeconds' },
      TARGET_ARN: { StringValue: expect.stringContaining(':api-destination/whatsapp-dev-n8n/') },
    });
  });

  test('404 is not asked again: the event is in the undeliverable queue at once', async () => {
    answers = [status(404)];
    await publish(run, 'message');
    await has('deadLettered');
    expect(seen).toHaveLength(1);
    const [message] = await undeliverable();
    expect(message?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'ERROR_FROM_TARGET' },
      RETRY_ATTEMPTS: { StringValue: '0' },
    });
  });
});

describe('an endpoint that does not answer', () => {
  test.each<[string, Answer, string]>([
    ['closes the connection', (response) => void response.destroy(), 'CONNECTION_FAILURE'],
    ['hangs for five seconds', () => {}, 'TIMEOUT'],
  ])('but %s is asked again', async (_what, answer, errorCode) => {
    answers = [answer];
    await publish(run, 'message');
    await has('failed');
    expect(observations.find(({ kind }) => kind === 'failed')).toMatchObject({ errorCode });
    await clock.advance(60_000);
    await has('delivered');
    expect(seen).toHaveLength(2);
  });
});

test('what the consumer does not subscribe to is not sent', async () => {
  await publish(run, 'call.received');
  await publish(run, 'message');
  await has('delivered');
  expect(seen).toHaveLength(1);
});

describe('the workflow that is imported into n8n', () => {
  const path = new URL('../../examples/n8n/workflow.json', import.meta.url);
  const workflow = JSON.parse(readFileSync(path, 'utf8')) as Workflow;

  test('connects nodes that it has, and starts with a webhook that wants the secret', () => {
    const names = workflow.nodes.map(({ name }) => name);
    const connected = Object.entries(workflow.connections).flatMap(([from, { main }]) => [
      from,
      ...main.flat().map(({ node }) => node),
    ]);
    expect(new Set(connected)).toEqual(new Set(names));
    expect(workflow.nodes[0]).toMatchObject({
      type: 'n8n-nodes-base.webhook',
      parameters: { httpMethod: 'POST', authentication: 'headerAuth', responseMode: 'onReceived' },
    });
  });

  test('reads only fields that are in the event that arrives', async () => {
    await publish(run, 'message');
    await has('delivered');
    const json = { body: JSON.parse(seen[0]?.body ?? '') };
    const expressions = [...JSON.stringify(workflow).matchAll(/\$json([^}]+?) \}\}/g)];
    expect(expressions.length).toBeGreaterThan(4);
    for (const [, expression = ''] of expressions) {
      const names = [...expression.matchAll(/\.(\w+)|\['([^']+)'\]/g)].map(
        ([, a, b]) => a ?? b ?? '',
      );
      const value = names.reduce<unknown>(
        (here, name) => (here as Record<string, unknown> | undefined)?.[name],
        json,
      );
      expect([expression, value]).toEqual([expression, expect.anything()]);
    }
  });
});

interface Workflow {
  readonly nodes: readonly { readonly name: string; readonly type: string }[];
  readonly connections: Readonly<
    Record<string, { readonly main: readonly (readonly { readonly node: string }[])[] }>
  >;
}
