import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { EventType } from '../../../events/catalog.ts';
import { parseRecord } from '../../../events/parse.ts';
import {
  findArchive,
  findConsumer,
  planReplay,
  type ReplayFilter,
} from '../../../ops/replay/plan-replay.ts';
import { type ReplayWatch, runReplay } from '../../../ops/replay/run-replay.ts';
import { removeStaleRules } from '../../../ops/replay/temporary-rule.ts';
import { exampleDetail } from '../dead-letters/example-messages.ts';
import { startPipeline, type TestPipeline } from '../local-pipeline.ts';

describe('a replay', () => {
  let pipeline: TestPipeline;
  beforeEach(async () => {
    pipeline = await startPipeline();
  });
  afterEach(() => pipeline.close());

  /** Puts events on the bus and empties the queues that they reach. */
  const happen = async (...events: readonly (readonly [EventType, string])[]) => {
    const { eventBridge, sqs } = pipeline.run.services;
    await eventBridge.call('PutEvents', {
      Entries: events.map(([type, session]) => ({
        EventBusName: 'whatsapp-dev',
        Source: 'whatsapp',
        DetailType: type,
        Detail: JSON.stringify(exampleDetail(type, session)),
      })),
    });
    for (const name of ['messages', 'calls', 'unrouted']) {
      await sqs.call('PurgeQueue', { QueueUrl: pipeline.url(`whatsapp-dev-${name}`) });
    }
  };

  const replay = async (name: string, filter: ReplayFilter = {}, watch: ReplayWatch = {}) => {
    const found = await pipeline.find();
    const consumer = findConsumer(found, name);
    const plan = planReplay(consumer, filter, 'fanout-replay-test');
    const archiveArn = await findArchive(pipeline.access, consumer.bus, found);
    const window = { from: Date.now() - 3_600_000, to: Date.now() + 3_600_000 };
    return runReplay(pipeline.access, { plan, bus: consumer.bus, archiveArn, ...window }, watch);
  };

  const sessionsIn = (queue: string) =>
    pipeline.bodies(queue).map((body) => parseRecord(body).meta.session);

  const ruleNames = async () => (await pipeline.find()).rules.map(({ name }) => name);

  test('sends one consumer all of its events again, marked, and the others nothing', async () => {
    await happen(['message', 'a'], ['message', 'b'], ['call.received', 'a']);
    const states: string[] = [];
    const outcome = await replay('messages', {}, { onState: (state) => states.push(state) });
    expect(outcome.state).toBe('COMPLETED');
    expect(states.at(-1)).toBe('COMPLETED');
    expect(sessionsIn('whatsapp-dev-messages').sort()).toEqual(['a', 'b']);
    for (const body of pipeline.bodies('whatsapp-dev-messages')) {
      expect(parseRecord(body).meta.replay).toBe('fanout-replay-test');
    }
    expect(await pipeline.depth('whatsapp-dev-calls')).toBe(0);
    expect(await pipeline.depth('whatsapp-dev-unrouted')).toBe(0);
  });

  test('with a filter sends only matching events, and leaves no rule behind', async () => {
    const before = await ruleNames();
    await happen(['message', 'a'], ['message', 'b'], ['message.any', 'b'], ['call.received', 'b']);
    const outcome = await replay('messages', { types: ['message'], sessions: ['b'] });
    expect(outcome.state).toBe('COMPLETED');
    expect(sessionsIn('whatsapp-dev-messages')).toEqual(['b']);
    expect(parseRecord(pipeline.bodies('whatsapp-dev-messages')[0] ?? '').type).toBe('message');
    expect(await pipeline.depth('whatsapp-dev-calls')).toBe(0);
    expect(await ruleNames()).toEqual(before);
  });

  test('does not send new events through its rule', async () => {
    const found = await pipeline.find();
    const consumer = findConsumer(found, 'messages');
    const { temporary } = planReplay(consumer, { sessions: ['a'] }, 'fanout-replay-test');
    const { eventBridge } = pipeline.run.services;
    for (const { name, busName, pattern, target } of temporary) {
      await eventBridge.call('PutRule', {
        Name: name,
        EventBusName: busName,
        EventPattern: pattern,
      });
      await eventBridge.call('PutTargets', {
        Rule: name,
        EventBusName: busName,
        Targets: [target],
      });
    }
    await eventBridge.call('PutEvents', {
      Entries: [
        {
          EventBusName: 'whatsapp-dev',
          Source: 'whatsapp',
          DetailType: 'message',
          Detail: JSON.stringify(exampleDetail('message', 'a')),
        },
      ],
    });
    expect(sessionsIn('whatsapp-dev-messages')).toEqual(['a']);
  });

  test('that is cancelled ends, and leaves no rule behind', async () => {
    await happen(...Array.from({ length: 10 }, () => ['message', 'a'] as const));
    const controller = new AbortController();
    const before = await ruleNames();
    const outcome = await replay(
      'messages',
      { sessions: ['a'] },
      { signal: controller.signal, onState: () => controller.abort() },
    );
    expect(['CANCELLED', 'COMPLETED']).toContain(outcome.state);
    expect(await ruleNames()).toEqual(before);
  });

  test('that was started with --no-wait leaves a rule, which the next one removes', async () => {
    await happen(['message', 'a']);
    const before = await ruleNames();
    await replay('messages', { sessions: ['a'] }, { leave: true });
    expect(await ruleNames()).toEqual([...before, 'fanout-replay-test'].sort());
    let removed: readonly string[] = [];
    while (removed.length === 0) {
      removed = await removeStaleRules(pipeline.access, await pipeline.find());
    }
    expect(removed).toEqual(['fanout-replay-test']);
    expect(await ruleNames()).toEqual(before);
    expect(sessionsIn('whatsapp-dev-messages')).toEqual(['a']);
  });

  test('uses a rule of its own when the consumer’s rule has other targets too', async () => {
    await happen(['message', 'a']);
    const { eventBridge } = pipeline.run.services;
    const { rules } = await pipeline.find();
    const own = rules.find(({ targets }) => targets[0]?.Arn?.endsWith('whatsapp-dev-messages'));
    await eventBridge.call('PutTargets', {
      Rule: own?.name,
      EventBusName: 'whatsapp-dev',
      Targets: [{ Id: 'other', Arn: pipeline.arn('whatsapp-dev-calls') }],
    });
    expect((await replay('messages')).state).toBe('COMPLETED');
    expect(await pipeline.depth('whatsapp-dev-messages')).toBe(1);
    expect(await pipeline.depth('whatsapp-dev-calls')).toBe(0);
  });

  test('does not remove a rule that was not created for a replay', async () => {
    const { eventBridge } = pipeline.run.services;
    await eventBridge.call('PutRule', {
      Name: 'fanout-replay-of-a-user',
      EventBusName: 'whatsapp-dev',
      EventPattern: '{"source":["x"]}',
    });
    expect(await removeStaleRules(pipeline.access, await pipeline.find())).toEqual([]);
  });
});
