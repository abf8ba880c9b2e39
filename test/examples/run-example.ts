import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalRun, type LocalRunOptions, startLocalRun } from '@event-fanout/local-aws';
import { App, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EventType } from '../../events/catalog.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { WhatsAppEventBus } from '../../lib/event-bus.ts';

/**
 * Runs a stack beside one that has nothing but the bus, from their synthesized templates and bundles.
 *
 * @param create makes the stack
 */
export async function runBesideBus(
  create: (app: Construct) => Stack,
  options: Partial<LocalRunOptions> = {},
): Promise<LocalRun> {
  const assembly = mkdtempSync(join(tmpdir(), 'fanout-example-'));
  const { context } = JSON.parse(
    readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'),
  ) as { context: Record<string, unknown> };
  try {
    const app = new App({ outdir: assembly, context });
    const main = new Stack(app, 'Main');
    new WhatsAppEventBus(main, 'EventBus', { stage: 'dev' });
    create(app).addStackDependency(main);
    app.synth();
    const run = await startLocalRun({
      assembly,
      ingressPort: 0,
      awsPort: 0,
      environment: {},
      ...options,
    });
    return {
      ...run,
      async close(settings) {
        await run.close(settings);
        rmSync(assembly, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(assembly, { recursive: true, force: true });
    throw error;
  }
}

/** Puts an example of a type on the bus, as ingest would; the envelope may be changed before. */
export async function publish(
  run: LocalRun,
  type: EventType,
  change: (detail: Detail) => void = () => {},
): Promise<Detail> {
  const body = Buffer.from(JSON.stringify(exampleWebhook(type, 'waha')));
  const request = { receivedAt: new Date(), requestId: 'request' };
  const { events } = normalizeWebhook(body, request);
  const detail = structuredClone(events[0]) as unknown as Detail;
  change(detail);
  const entry = { EventBusName: 'whatsapp-dev', Source: 'whatsapp', DetailType: detail.meta.type };
  await run.services.eventBridge.call('PutEvents', {
    Entries: [{ ...entry, Detail: JSON.stringify(detail) }],
  });
  return detail;
}

/** An envelope, to be changed by a test. */
export interface Detail {
  readonly meta: Record<string, unknown>;
  readonly data: Record<string, unknown>;
}

/** The messages that lie in a queue now. */
export async function messagesIn(
  run: LocalRun,
  name: string,
): Promise<readonly { readonly Body: string; readonly MessageAttributes?: Attributes }[]> {
  const { Messages } = await run.services.sqs.call('ReceiveMessage', {
    QueueUrl: `${run.awsEndpoint}/${run.accountId}/${name}`,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 0,
    MessageAttributeNames: ['All'],
  });
  return (Messages ?? []) as Awaited<ReturnType<typeof messagesIn>>;
}

/** The messages of a queue, as soon as there are any. */
export async function firstMessagesIn(run: LocalRun, name: string) {
  for (;;) {
    const messages = await messagesIn(run, name);
    if (messages.length > 0) {
      return messages;
    }
    // The emulator answers without leaving the thread: let functions have it.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

type Attributes = Readonly<Record<string, { readonly StringValue: string }>>;

/** A server on this machine that a test answers for. */
export async function listen(
  answer: RequestListener,
): Promise<{ readonly url: string; readonly server: Server; close(): Promise<void> }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** Waits until a condition holds; the test's own limit is the end. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
