import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { tailCommand } from '../../cli/tail.ts';
import type { EventType } from '../../events/catalog.ts';
import { listen } from '../../ops/tail/listen.ts';
import { expiryOf, removeLeftovers, tailPrefix } from '../../ops/tail/tail-queue.ts';
import { exampleDetail } from '../ops/dead-letters/example-messages.ts';
import { startPipeline, type TestPipeline } from '../ops/local-pipeline.ts';
import { runCommand } from './run-command.ts';

describe('fanout tail', () => {
  let pipeline: TestPipeline;
  beforeEach(async () => {
    pipeline = await startPipeline();
  });
  afterEach(async () => {
    jest.useRealTimers();
    await pipeline.close();
  });

  const queues = async () => {
    const { QueueUrls = [] } = await pipeline.run.services.sqs.call('ListQueues', {
      QueueNamePrefix: tailPrefix,
    });
    return QueueUrls as string[];
  };

  const rules = async () => {
    const { Rules } = await pipeline.run.services.eventBridge.call('ListRules', {
      EventBusName: 'whatsapp-dev',
      NamePrefix: tailPrefix,
    });
    return Rules as { Name: string; EventPattern: string }[];
  };

  const isListening = async () => {
    while ((await rules()).length === 0) {
      await new Promise(setImmediate);
    }
    const targets = async () => {
      const [rule] = await rules();
      const key = { Rule: rule?.Name, EventBusName: 'whatsapp-dev' };
      return (await pipeline.run.services.eventBridge.call('ListTargetsByRule', key)).Targets;
    };
    while (((await targets()) as unknown[]).length === 0) {
      await new Promise(setImmediate);
    }
  };

  const happen = (...events: readonly (readonly [EventType, string])[]) =>
    pipeline.run.services.eventBridge.call('PutEvents', {
      Entries: events.map(([type, session]) => ({
        EventBusName: 'whatsapp-dev',
        Source: 'whatsapp',
        DetailType: type,
        Detail: JSON.stringify(exampleDetail(type, session)),
      })),
    });

  const tail = (...words: readonly string[]) =>
    runCommand(tailCommand(), ...words, '--endpoint', pipeline.run.awsEndpoint);

  test('shows events, takes none from a consumer, and leaves nothing behind', async () => {
    const ended = tail('--limit', '2');
    await isListening();
    await happen(['message', 'shop'], ['call.received', 'shop']);
    const { lines } = await ended;
    expect(lines.join('\n')).toMatch(/message +shop +…\d\d@/);
    expect(lines.join('\n')).toMatch(/call\.received +shop/);
    expect(await pipeline.depth('whatsapp-dev-messages')).toBe(1);
    expect(await pipeline.depth('whatsapp-dev-calls')).toBe(1);
    expect([await queues(), await rules()]).toEqual([[], []]);
  });

  test('shows only what its filters let through', async () => {
    const ended = tail('--limit', '1', '--json', '--type', 'mess*', '--session', 'shop');
    await isListening();
    await happen(['call.received', 'shop'], ['message', 'other'], ['message', 'shop']);
    const { lines } = await ended;
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      'detail-type': 'message',
      meta: { session: 'shop' },
    });
  });

  test('shows neither texts nor numbers without --reveal', async () => {
    const { text, chat } = personal(exampleDetail('message'));
    const hidden = tail('--limit', '1', '--json');
    await isListening();
    await happen(['message', 'shop']);
    const reported = (await hidden).lines.join('\n');
    expect(reported).not.toContain(text);
    expect(reported).not.toContain(chat);
    const shown = tail('--limit', '1', '--reveal');
    await isListening();
    await happen(['message', 'shop']);
    const revealed = (await shown).lines.join('\n');
    expect(revealed).toContain(text);
    expect(revealed).toContain(chat);
  });

  test('ends after --for, and on Ctrl-C', async () => {
    expect((await tail('--for', '50ms')).exitCode).toBeUndefined();
    const ended = tail();
    await isListening();
    process.emit('SIGINT');
    expect((await ended).exitCode).toBe(130);
    expect([await queues(), await rules()]).toEqual([[], []]);
  });

  test('refuses unknown categories, and a pattern together with other filters', async () => {
    await expect(tail('--category', 'mesages')).rejects.toThrow(
      /There is no category "mesages"\. Did you mean "messages"\?/,
    );
    await expect(tail('--type', 'message', '--pattern', 'x.json')).rejects.toThrow(
      /combined with other/,
    );
    expect(await queues()).toEqual([]);
  });

  test('that was killed leaves a rule and a queue, which the next one removes', async () => {
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        fileURLToPath(new URL('../../bin/fanout.ts', import.meta.url)),
        ...['tail', '--endpoint', pipeline.run.awsEndpoint],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await isListening();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const [remaining] = await rules();
    expect(remaining?.Name).toMatch(/^fanout-tail-/);
    const [QueueUrl = ''] = await queues();
    const { Tags } = await pipeline.run.services.sqs.call('ListQueueTags', { QueueUrl });
    const leaseEnd = expiryOf(Tags as Record<string, string>) ?? Number.NaN;

    jest.useFakeTimers({ doNotFake: allButDate, now: leaseEnd - 1 });
    await tail('--for', '1ms');
    expect(await queues()).toEqual([QueueUrl]);
    jest.setSystemTime(leaseEnd);
    await tail('--for', '1ms');
    expect([await queues(), await rules()]).toEqual([[], []]);
  });

  test('keeps the queue of another tail that is running, and one that only has such a name', async () => {
    const controller = new AbortController();
    const found = await pipeline.find();
    const bus = found.buses[0];
    if (!bus) {
      throw new Error('no bus');
    }
    const alive = listen(pipeline.access, bus, {
      name: `${tailPrefix}alive`,
      pattern: '{"source":["whatsapp"]}',
      leaseMs: 60_000,
      signal: controller.signal,
      onEvent: () => true,
    });
    await isListening();
    await pipeline.run.services.sqs.call('CreateQueue', { QueueName: `${tailPrefix}of-a-user` });
    expect(await removeLeftovers(pipeline.access, await pipeline.find())).toEqual([]);
    expect(await queues()).toHaveLength(2);
    controller.abort();
    await alive;
    expect(await queues()).toEqual([pipeline.url(`${tailPrefix}of-a-user`)]);
  });

  test('that left only its rule has it removed once its queue can no longer be in creation', async () => {
    await pipeline.run.services.eventBridge.call('PutRule', {
      Name: `${tailPrefix}alone`,
      EventBusName: 'whatsapp-dev',
      EventPattern: '{"source":["whatsapp"]}',
      Description: `Made at ${new Date().toISOString()} for fanout tail. Deleted when it ends.`,
    });
    const found = await pipeline.find();
    expect(await removeLeftovers(pipeline.access, found)).toEqual([]);
    expect(await removeLeftovers(pipeline.access, found, Date.now() + 3_600_000)).toEqual([
      `${tailPrefix}alone`,
    ]);
    expect(await rules()).toEqual([]);
  });

  test('allows only its rule to send to its queue', async () => {
    const ended = tail();
    await isListening();
    const [url = ''] = await queues();
    const { Attributes } = await pipeline.run.services.sqs.call('GetQueueAttributes', {
      QueueUrl: url,
      AttributeNames: ['Policy', 'MessageRetentionPeriod'],
    });
    const { Policy, MessageRetentionPeriod } = Attributes as Record<string, string>;
    const [allow, deny] = JSON.parse(Policy ?? '').Statement;
    expect(allow).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Condition: {
        ArnEquals: {
          'aws:SourceArn': `arn:aws:events:us-east-1:000000000000:rule/whatsapp-dev/${url.split('/').at(-1)}`,
        },
      },
    });
    expect(deny).toMatchObject({
      Effect: 'Deny',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    expect(MessageRetentionPeriod).toBe('300');
    process.emit('SIGTERM');
    await ended;
  });
});

/** What of Jest's fake timers a test leaves real that only moves the date. */
const allButDate = [
  ...(['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setTimeout'] as const),
  ...(['clearTimeout', 'setInterval', 'clearInterval', 'performance', 'hrtime'] as const),
];

const personal = (detail: Record<string, unknown>) => {
  const { data, meta } = detail as { data: { body: string }; meta: { chat: string } };
  return { text: data.body, chat: meta.chat };
};
