import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { EventType } from '../../events/catalog.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { aws, fanout, folder, root, run } from './account.ts';

/** The documented commands that add a consumer with the aws command line; the last one reads its queue. */
const page = readFileSync(join(root, 'docs/how-to/add-a-consumer.md'), 'utf8');
const block = /^## While it runs$.*?```sh\n(.*?)```/ms.exec(page)?.[1] ?? '';
/** As they are for AWS, without the line for the local run; the test publishes the event itself. */
// Version 1 of the command line needs the flag for SQS.
const endpoint = 'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }\n';
const commands = endpoint + block.replace(/^(#|aws\(\)|npx fanout send).*\n/gm, '');

/**
 * The operators' commands against a deployment whose functions do not run: events are put on the bus as ingest
 * does, and messages stay in the consumers' queues.
 */
export function testOperators(stage: string, stack: string): void {
  const bus = `whatsapp-${stage}`;

  test('fanout status finds the bus, every consumer and every failure queue', async () => {
    // Where the emulator makes no HTTP API, nothing answers at the endpoint, and the command ends with 1.
    const status = await fanout(stack, 'status', '--all').catch(({ message }: Error) => message);
    expect(status).toContain(bus);
    expect(status).toMatch(/ok +messages +0 /);
    expect(status).toMatch(/^ *(ok)? +undeliverable\b/m);
  });

  test('the documented commands add a consumer, whose queue then has the event', async () => {
    const [before = ''] = commands.split(/^(?=aws sqs receive-message)/m);
    await run('bash', '-ec', before);
    const id = await publish(bus, 'message');
    await publish(bus, 'call.received');
    expect(
      await run('bash', '-ec', commands.replace(/^(?!aws\(|QUEUE=|aws sqs receive).*$/gm, '')),
    ).toContain(id);
  });

  test('fanout explain and rules see the rule that was added while it runs', async () => {
    expect(await fanout(stack, 'explain', 'message')).toMatch(/^match +my-queue$/m);
    expect(await fanout(stack, 'rules', '--for', 'message')).toContain('my-queue');
    const rule = ['--event-bus-name', bus];
    await aws('events', 'remove-targets', ...rule, '--rule', 'my-rule', '--ids', '1');
    await aws('events', 'delete-rule', ...rule, '--name', 'my-rule');
    const queue = await aws<{ QueueUrl: string }>(
      ...['sqs', 'get-queue-url', '--queue-name', 'my-queue'],
    );
    await aws('sqs', 'delete-queue', '--queue-url', queue.QueueUrl);
  });

  test('fanout tail shows an event that is published meanwhile, and removes its queue', async () => {
    const words = ['tail', '--stack', stack, '--type', 'message', '--limit', '1', '--json'];
    const tail = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', 'bin/fanout.ts', ...words],
      { cwd: root, env: process.env },
    );
    let shown = '';
    tail.stdout.on('data', (text) => {
      shown += text;
    });
    const ended = once(tail, 'exit');
    const listTails = () =>
      aws<{ QueueUrls?: string[] }>('sqs', 'list-queues', '--queue-name-prefix', 'fanout-tail');
    const rules = () =>
      aws<{ Rules: { Name: string }[] }>('events', 'list-rules', '--event-bus-name', bus);
    const isListening = async () => (await rules()).Rules.some(({ Name }) => /tail/.test(Name));
    while (tail.exitCode === null && !(await isListening())) {
      // Each question takes a second.
    }
    const id = await publish(bus, 'message');
    const [code] = await ended;
    expect([code, shown]).toEqual([0, expect.stringContaining(id)]);
    expect((await listTails()).QueueUrls ?? []).toEqual([]);
    expect(await isListening()).toBe(false);
  });

  test('fanout dlq lists, shows and redrives a dead-letter message', async () => {
    const url = async (name: string) =>
      (await aws<{ QueueUrl: string }>('sqs', 'get-queue-url', '--queue-name', name)).QueueUrl;
    const { event, id } = exampleEvent('message');
    const file = join(folder, 'dead-letter.json');
    writeFileSync(file, JSON.stringify(event));
    await aws(
      ...['sqs', 'send-message', '--queue-url', await url(`${bus}-messages-dead-letters`)],
      ...['--message-body', `file://${file}`, '--message-attributes'],
      '{"fanout.reason":{"DataType":"String","StringValue":"permanent"}}',
    );
    expect(await fanout(stack, 'dlq', 'list')).toMatch(/^messages +1 /m);
    expect(await fanout(stack, 'dlq', 'show', 'messages')).toContain('permanent');
    expect(await fanout(stack, 'dlq', 'redrive', 'messages', '--dry-run')).toMatch(/1/);
    await fanout(stack, 'dlq', 'redrive', 'messages');
    expect(await fanout(stack, 'dlq', 'list', '--all')).toMatch(/^messages +0 /m);
    expect(await bodiesIn(await url(`${bus}-messages`))).toContain(id);
  });

  test('fanout replay delivers archived events again to one consumer, marked as replayed', async () => {
    const id = await publish(bus, 'presence.update');
    await fanout(stack, 'replay', '--consumer', 'presence', '--from', '1h');
    const queue = await aws<{ QueueUrl: string }>(
      ...['sqs', 'get-queue-url', '--queue-name', `${bus}-presence`],
    );
    const bodies = await bodiesIn(queue.QueueUrl);
    expect(bodies.split(id).length - 1).toBeGreaterThan(1);
    expect(bodies).toContain('replay-name');
  });
}

/** An event of a type as EventBridge delivers it. */
function exampleEvent(type: EventType) {
  const body = Buffer.from(JSON.stringify(exampleWebhook(type, 'waha')));
  const { events } = normalizeWebhook(body, { receivedAt: new Date(), requestId: 'request' });
  const [detail] = events;
  const id = detail?.meta.id ?? '';
  return { id, event: { source: 'whatsapp', 'detail-type': type, resources: [], detail } };
}

/** Puts an example of a type on the bus, as ingest does. Returns its `meta.id`. */
async function publish(bus: string, type: EventType): Promise<string> {
  const { event, id } = exampleEvent(type);
  const entry = { EventBusName: bus, Source: 'whatsapp', DetailType: type };
  const file = join(folder, 'entries.json');
  writeFileSync(file, JSON.stringify([{ ...entry, Detail: JSON.stringify(event.detail) }]));
  const { FailedEntryCount } = await aws<{ FailedEntryCount: number }>(
    ...['events', 'put-events', '--entries', `file://${file}`],
  );
  expect(FailedEntryCount).toBe(0);
  return id;
}

/** The bodies of the messages that wait in a queue. */
async function bodiesIn(queueUrl: string): Promise<string> {
  const { Messages = [] } = await aws<{ Messages?: { Body: string }[] }>(
    ...['sqs', 'receive-message', '--queue-url', queueUrl, '--max-number-of-messages', '10'],
    ...['--visibility-timeout', '0'],
  );
  return Messages.map(({ Body }) => Body).join('\n');
}
