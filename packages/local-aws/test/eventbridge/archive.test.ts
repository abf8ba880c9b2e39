import { describe, expect, test } from '@jest/globals';
import { type Bench, busArn, newBench, queueArn, refusal, ruleArn } from './fixture.ts';

const archiveArn = (name: string) => `arn:aws:events:eu-west-1:123456789012:archive/${name}`;
const dayMs = 86_400_000;
const everything = { version: ['0'] };
const startSeconds = Date.parse('2026-01-01T00:00:00Z') / 1000;

async function withArchive(settings: object = {}): Promise<Bench> {
  const bench = newBench();
  const EventSourceArn = busArn('default');
  await bench.call('CreateArchive', { ArchiveName: 'a', EventSourceArn, ...settings });
  return bench;
}

const replay = (bench: Bench, over: object = {}, destination: object = {}) =>
  bench.call('StartReplay', {
    ReplayName: 'again',
    EventSourceArn: archiveArn('a'),
    EventStartTime: startSeconds - 1000,
    EventEndTime: startSeconds + 1_000_000,
    Destination: { Arn: busArn('default'), ...destination },
    ...over,
  });

const describeArchive = (bench: Bench) => bench.call('DescribeArchive', { ArchiveName: 'a' });

describe('an archive', () => {
  test('keeps the events that match its pattern', async () => {
    const bench = await withArchive({ EventPattern: '{"detail":{"keep":[true]}}' });
    await bench.put({ keep: true });
    await bench.put({ keep: false });
    expect(await describeArchive(bench)).toEqual({
      ArchiveArn: archiveArn('a'),
      ArchiveName: 'a',
      EventSourceArn: busArn('default'),
      EventPattern: '{"detail":{"keep":[true]}}',
      State: 'ENABLED',
      RetentionDays: 0,
      EventCount: 1,
      SizeBytes: expect.any(Number),
      CreationTime: startSeconds,
    });
    await bench.call('UpdateArchive', { ArchiveName: 'a', EventPattern: '{"version":["0"]}' });
    await bench.put({ keep: false });
    expect(await describeArchive(bench)).toMatchObject({ EventCount: 2 });
  });

  test('receives its bus’s events by a rule that cannot be changed through the API', async () => {
    const { call } = await withArchive();
    expect(await call('ListRules')).toMatchObject({
      Rules: [
        {
          Name: 'Events-Archive-a',
          ManagedBy: 'prod.vhs.events.aws.internal',
          EventPattern: '{"replay-name":[{"exists":false}]}',
        },
      ],
    });
    for (const [action, input] of [
      ['PutRule', { Name: 'Events-Archive-a', EventPattern: '{"a":["b"]}' }],
      ['DisableRule', { Name: 'Events-Archive-a' }],
      ['DeleteRule', { Name: 'Events-Archive-a' }],
      ['PutTargets', { Rule: 'Events-Archive-a', Targets: [{ Id: 't', Arn: queueArn('q') }] }],
    ] as const) {
      expect((await refusal(call(action, input))).code).toBe('ManagedRuleException');
    }
  });

  test('deletes events after their retention period', async () => {
    const bench = await withArchive({ RetentionDays: 2 });
    await bench.put({ n: 1 });
    await bench.clock.advance(dayMs);
    await bench.put({ n: 2 });
    expect(await describeArchive(bench)).toMatchObject({ EventCount: 2 });
    await bench.clock.advance(dayMs);
    const remaining = () =>
      bench.store.db.prepare('SELECT count(*) AS n FROM eventbridge_archived').get();
    expect(await describeArchive(bench)).toMatchObject({ EventCount: 1 });
    await bench.clock.advance(dayMs + 3_600_000);
    expect(remaining()).toEqual({ n: 0 });
  });

  test('is deleted with its events', async () => {
    const bench = await withArchive();
    await bench.put({});
    await bench.call('DeleteArchive', { ArchiveName: 'a' });
    expect(await bench.call('ListArchives')).toEqual({ Archives: [] });
    expect(await bench.call('ListRules')).toEqual({ Rules: [] });
    await bench.put({});
    await bench.call('CreateArchive', { ArchiveName: 'a', EventSourceArn: busArn('default') });
    expect(await describeArchive(bench)).toMatchObject({ EventCount: 0 });
  });

  test.each([
    [
      'CreateArchive',
      { ArchiveName: 'a', EventSourceArn: busArn('default') },
      'ResourceAlreadyExistsException',
    ],
    [
      'CreateArchive',
      { ArchiveName: 'b', EventSourceArn: busArn('x') },
      'ResourceNotFoundException',
    ],
    ['CreateArchive', { ArchiveName: 'b', EventSourceArn: 'default' }, 'ValidationException'],
    [
      'CreateArchive',
      { ArchiveName: 'b', EventSourceArn: busArn('default'), EventPattern: '{"a":1}' },
      'InvalidEventPatternException',
    ],
    ['UpdateArchive', { ArchiveName: 'b' }, 'ResourceNotFoundException'],
    ['ListArchives', { NamePrefix: 'a', State: 'ENABLED' }, 'ValidationException'],
  ])('%s %j: %s', async (action, input, code) => {
    const bench = await withArchive();
    expect((await refusal(bench.call(action, input))).code).toBe(code);
  });
});

describe('a replay', () => {
  test('sends the events of its period again, in the order of their times, with its name', async () => {
    const bench = await withArchive();
    for (const n of [3, 1, 2, 4]) {
      await bench.put({ n }, { Time: startSeconds + n * 60 });
    }
    await bench.rule('r', everything, { Arn: queueArn('q') });
    const started = await replay(bench, {
      EventStartTime: startSeconds + 60,
      EventEndTime: startSeconds + 240,
    });
    expect(started).toEqual({
      ReplayArn: 'arn:aws:events:eu-west-1:123456789012:replay/again',
      State: 'STARTING',
      ReplayStartTime: startSeconds,
    });
    await bench.clock.advance(0);
    const events = bench.targets.bodies('q').map((body) => JSON.parse(body));
    expect(events.map(({ detail }) => detail.n)).toEqual([1, 2, 3]);
    expect(events[0]).toMatchObject({ 'replay-name': 'again', time: '2026-01-01T00:01:00Z' });
    expect(await bench.call('DescribeReplay', { ReplayName: 'again' })).toEqual({
      ReplayName: 'again',
      ReplayArn: 'arn:aws:events:eu-west-1:123456789012:replay/again',
      State: 'COMPLETED',
      EventSourceArn: archiveArn('a'),
      Destination: { Arn: busArn('default') },
      EventStartTime: startSeconds + 60,
      EventEndTime: startSeconds + 240,
      EventLastReplayedTime: startSeconds + 180,
      ReplayStartTime: startSeconds,
      ReplayEndTime: startSeconds,
    });
    expect(bench.eventBridge.metrics).toMatchObject({ replayed: 3 });
  });

  test('keeps the id of the event and is not archived again', async () => {
    const bench = await withArchive();
    const eventId = await bench.put({});
    await bench.rule('r', everything, { Arn: queueArn('q') });
    await replay(bench);
    await bench.clock.advance(0);
    expect(JSON.parse(bench.targets.bodies('q')[0] ?? '').id).toBe(eventId);
    expect(await describeArchive(bench)).toMatchObject({ EventCount: 1 });
  });

  test('reaches only the rules that it names', async () => {
    const bench = await withArchive();
    await bench.put({});
    await bench.rule('yes', everything, { Arn: queueArn('yes') });
    await bench.rule('no', everything, { Arn: queueArn('no') });
    await replay(bench, {}, { FilterArns: [ruleArn('yes')] });
    await bench.clock.advance(0);
    expect(bench.targets.bodies('yes')).toHaveLength(1);
    expect(bench.targets.bodies('no')).toHaveLength(0);
  });

  test('of many events continues after a restart and neither skips nor repeats one', async () => {
    const bench = await withArchive();
    for (let n = 0; n < 170; n += 1) {
      await bench.put({ n });
    }
    await bench.rule('r', everything, { Arn: queueArn('q') });
    bench.targets.errors.set(queueArn('q'), new Error('crash'));
    await replay(bench);
    await bench.clock.advance(0);
    expect(bench.targets.bodies('q')).toEqual([]);
    bench.targets.errors.clear();
    const again = bench.restart();
    await again.clock.advance(2000);
    const numbers = again.targets.bodies('q').map((body) => JSON.parse(body).detail.n);
    expect(numbers).toEqual(Array.from({ length: 170 }, (_, n) => n));
  });

  test('can be cancelled while it runs, and only then', async () => {
    const bench = await withArchive();
    await bench.put({});
    await bench.rule('r', everything, { Arn: queueArn('q') });
    await replay(bench);
    const cancelled = await bench.call('CancelReplay', { ReplayName: 'again' });
    expect(cancelled).toMatchObject({ State: 'CANCELLING' });
    await bench.clock.advance(0);
    expect(bench.targets.bodies('q')).toEqual([]);
    expect(await bench.call('ListReplays', { State: 'CANCELLED' })).toMatchObject({
      Replays: [{ ReplayName: 'again' }],
    });
    const { code } = await refusal(bench.call('CancelReplay', { ReplayName: 'again' }));
    expect(code).toBe('IllegalStatusException');
  });

  test.each([
    [{ EventSourceArn: archiveArn('x') }, {}, 'ResourceNotFoundException'],
    [{ EventSourceArn: 'a' }, {}, 'ValidationException'],
    [{ EventEndTime: startSeconds - 1000 }, {}, 'ValidationException'],
    [{}, { Arn: busArn('other') }, 'ValidationException'],
    [{ EventStartTime: 'never' }, {}, 'SerializationException'],
  ])('%j %j is refused: %s', async (over, destination, code) => {
    expect((await refusal(replay(await withArchive(), over, destination))).code).toBe(code);
  });

  test('needs a name that no other replay has', async () => {
    const bench = await withArchive();
    await replay(bench);
    expect((await refusal(replay(bench))).code).toBe('ResourceAlreadyExistsException');
  });
});
