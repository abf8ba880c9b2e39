import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { maxHops } from '../../events/consume.ts';
import { pattern } from '../../events/pattern.ts';
import { WhatsAppEventBus } from '../../lib/event-bus.ts';
import { messagesIn, publish, runBesideBus } from '../examples/run-example.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Publishes an event of the other type because of each that it receives, as the documents advise. */
const handlerOf = (type: string) => `
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { consume, hopsAfter } from '${root}lambdas/runtime/consumer.ts';
const bus = new EventBridge();
export const handler = consume(async (event) => {
  const meta = { ...event.meta, type: '${type}', id: event.meta.id + '+', hops: hopsAfter(event) };
  await bus.putEvents({
    Entries: [{
      EventBusName: process.env.BUS_NAME,
      Source: 'whatsapp',
      DetailType: '${type}',
      Detail: JSON.stringify({ ...event, meta }),
    }],
  });
});
`;

let folder: string;
let run: LocalRun;

beforeAll(async () => {
  folder = mkdtempSync(join(root, 'node_modules/.cache/hops-'));
  run = await runBesideBus((app) => {
    const stack = new Stack(app, 'Loop');
    const bus = WhatsAppEventBus.lookup(stack, 'Bus', {});
    for (const [name, from, to] of [
      ['ping', 'message', 'message.reaction'],
      ['pong', 'message.reaction', 'message'],
    ] as const) {
      const entry = join(folder, `${name}.ts`);
      writeFileSync(entry, handlerOf(to));
      bus.addConsumer(name, {
        ...{ kind: 'function', summary: 'Publishes', publishes: true, entry },
        pattern: pattern({ type: from }),
      });
    }
    return stack;
  });
});

afterAll(async () => {
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('two consumers that publish events for each other stop after the allowed hops, with the event in a dead-letter queue', async () => {
  const { meta } = await publish(run, 'message');
  const deadLetters = async () => [
    ...(await messagesIn(run, 'whatsapp-dev-ping-dead-letters')),
    ...(await messagesIn(run, 'whatsapp-dev-pong-dead-letters')),
  ];
  let found = await deadLetters();
  while (found.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    found = await deadLetters();
  }
  expect(found).toHaveLength(1);
  const [{ Body = '', MessageAttributes = {} } = {}] = found;
  expect(JSON.parse(Body).detail.meta).toMatchObject({
    id: `${meta.id}${'+'.repeat(maxHops)}`,
    hops: maxHops,
  });
  expect(MessageAttributes['fanout.error']?.StringValue).toBe('TooManyHopsError');
  expect(MessageAttributes['fanout.reason']?.StringValue).toBe('permanent');
});
