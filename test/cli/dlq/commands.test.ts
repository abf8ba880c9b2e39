import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { dlqCommand } from '../../../cli/dlq.ts';
import { busEvent, fill } from './letters.ts';
import { startPipeline, type TestPipeline } from './local-pipeline.ts';
import { runCommand } from './run-command.ts';

const deadLetters = 'whatsapp-dev-messages-dead-letters';

describe('fanout dlq', () => {
  let pipeline: TestPipeline;
  let directory: string;
  let audit: string;
  beforeEach(async () => {
    pipeline = await startPipeline();
    directory = mkdtempSync(join(tmpdir(), 'fanout-dlq-'));
    audit = join(directory, 'made', 'audit.ndjson');
  });
  afterEach(async () => {
    await pipeline.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const dlq = (...words: readonly string[]) =>
    runCommand(dlqCommand(), ...words, '--endpoint', pipeline.run.awsEndpoint);
  const json = async (...words: readonly string[]) =>
    (await dlq(...words, '--json')).lines
      .flatMap((line) => line.split('\n'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const records = () =>
    readFileSync(audit, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const states = (queue: string) =>
    pipeline.run.services.sqs.peek(pipeline.arn(queue), 100).map(({ state }) => state);

  test('list names each queue in which messages end, with depth and age', async () => {
    await fill(pipeline, deadLetters, ['{}', '{}']);
    const queues = await json('list');
    expect(queues.map(({ queue, role, visible }) => [queue, role, visible])).toEqual([
      ['whatsapp-dev-calls-dead-letters', 'dead-letters', 0],
      [deadLetters, 'dead-letters', 2],
      ['whatsapp-dev-undeliverable', 'undeliverable', 0],
      ['whatsapp-dev-unrouted', 'unrouted', 0],
      ['whatsapp-dev-spill', 'spill', 0],
    ]);
    expect(queues[1]).toMatchObject({ consumer: 'messages', oldestIsSample: false });
    expect(Date.parse(String(queues[1]?.oldestSentAt))).toBeGreaterThan(Date.now() - 60_000);
    expect(states(deadLetters)).toEqual(['visible', 'visible']);
    const { lines } = await dlq('list');
    expect(lines.join('\n')).toMatch(/messages-dead-letters +dead-letters +messages +2 +0 +0 +\ds/);
  });

  test('list finds a queue that a user has put on the bus while it runs', async () => {
    const { sqs, eventBridge } = pipeline.run.services;
    await sqs.call('CreateQueue', { QueueName: 'mine-dead' });
    const deadLetterTargetArn = pipeline.arn('mine-dead');
    await sqs.call('CreateQueue', {
      QueueName: 'mine',
      Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }) },
    });
    const EventBusName = 'whatsapp-dev';
    await eventBridge.call('PutRule', {
      Name: 'mine',
      EventBusName,
      EventPattern: '{"source":["a"]}',
    });
    await eventBridge.call('PutTargets', {
      Rule: 'mine',
      EventBusName,
      Targets: [
        { Id: '1', Arn: pipeline.arn('mine') },
        { Id: '2', Arn: pipeline.arn('deleted-since') },
      ],
    });
    const found = (await json('list')).find(({ queue }) => queue === 'mine-dead');
    expect(found).toMatchObject({ role: 'dead-letters', consumer: 'mine' });
  });

  test('show tells what is in a queue and leaves it there, visible', async () => {
    await fill(
      pipeline,
      deadLetters,
      [busEvent('message', 'one'), busEvent('message.any', 'two')],
      {
        'fanout.reason': 'permanent',
        'fanout.error': 'SchemaError',
        'fanout.consumer': 'messages',
        'fanout.attempts': '1',
      },
    );
    const shown = await json('show', 'messages');
    expect(shown.map(({ type, session, error }) => [type, session, error]).sort()).toEqual([
      ['message', 'one', 'permanent SchemaError'],
      ['message.any', 'two', 'permanent SchemaError'],
    ]);
    expect(states(deadLetters)).toEqual(['visible', 'visible']);
    const { lines } = await dlq('show', 'messages', '--session', 'two');
    expect(lines.join('\n')).toMatch(/message\.any +two +…\d\d@[cg]\.us +1 +permanent SchemaError/);
    expect(lines.join('\n')).not.toMatch(/ one /);
  });

  test('show counts by error, type or session', async () => {
    await fill(pipeline, deadLetters, [busEvent('message'), busEvent('message')]);
    await fill(pipeline, deadLetters, [busEvent('message.any')]);
    const groups = await json('show', deadLetters, '--group-by', 'type');
    expect(groups.map(({ type, count }) => [type, count])).toEqual([
      ['message', 2],
      ['message.any', 1],
    ]);
  });

  test('show gives no more than it is asked for', async () => {
    await fill(
      pipeline,
      deadLetters,
      Array.from({ length: 25 }, () => '{}'),
    );
    expect(await json('show', 'messages', '--limit', '12')).toHaveLength(12);
    expect(states(deadLetters).filter((state) => state === 'visible')).toHaveLength(25);
  });

  test('redrive moves what matches, and records who, when, what and why', async () => {
    await fill(pipeline, deadLetters, [busEvent('message', 'a'), busEvent('message', 'b')]);
    const words = ['--session', 'a', '--chat', '+12025550142', '--reason', 'fixed'] as const;
    const [summary] = await json('redrive', 'messages', ...words, '--audit', audit);
    expect(summary).toMatchObject({ queue: deadLetters, interrupted: false });
    const [begun, ended] = records();
    expect(begun).toMatchObject({
      event: 'begun',
      action: 'redrive',
      stack: 'Test',
      queue: deadLetters,
      filter: { sessions: ['a'], chats: ['…42@c.us'] },
      reason: 'fixed',
      who: { user: expect.any(String), host: expect.any(String) },
    });
    expect(ended).toMatchObject({ event: 'ended', id: begun?.id, moved: summary?.moved });
    expect(statSync(audit).mode & 0o077).toBe(0);
  });

  test('redrive does nothing when it cannot be recorded', async () => {
    await fill(pipeline, deadLetters, ['{}']);
    writeFileSync(join(directory, 'file'), '');
    const impossible = join(directory, 'file', 'audit.ndjson');
    await expect(dlq('redrive', 'messages', '--audit', impossible)).rejects.toThrow(
      /nothing was done/,
    );
    expect(await pipeline.depth(deadLetters)).toBe(1);
  });

  test('redrive says what stays and why, and ends with 1', async () => {
    await fill(pipeline, 'whatsapp-dev-undeliverable', ['{}']);
    const { lines, exitCode } = await dlq('redrive', 'undeliverable', '--audit', audit);
    expect(lines.join('\n')).toMatch(/1 stayed: it does not say which rule and target failed/);
    expect(exitCode).toBe(1);
  });

  test('purge deletes what matches, and the whole queue without a filter', async () => {
    await fill(pipeline, deadLetters, [busEvent('message', 'a'), busEvent('message', 'b')]);
    const yes = ['--yes', '--audit', audit] as const;
    const { lines } = await dlq('purge', 'messages', '--session', 'a', ...yes);
    expect(lines).toEqual(['1 deleted, 1 left by the filter.']);
    expect(states(deadLetters)).toEqual(['visible']);
    await dlq('purge', 'messages', ...yes);
    expect(await pipeline.depth(deadLetters)).toBe(0);
    expect(records().map(({ event }) => event)).toEqual(['begun', 'ended', 'begun', 'ended']);
  });

  test('purge deletes nothing that nobody has confirmed', async () => {
    await fill(pipeline, deadLetters, ['{}']);
    await expect(dlq('purge', 'messages', '--audit', audit)).rejects.toThrow(/--yes/);
    expect(await pipeline.depth(deadLetters)).toBe(1);
  });

  test('export copies everything into a file for its owner only, import puts it back', async () => {
    const bodies = [
      busEvent('message', '😀\n'),
      'no JSON',
      ...Array.from({ length: 100 }, (_, i) => `${i}`),
    ];
    await fill(pipeline, deadLetters, bodies, { 'fanout.reason': 'permanent' });
    const file = join(directory, 'letters.ndjson');
    const [exported] = await json('export', 'messages', file, '--audit', audit);
    expect(exported).toMatchObject({ exported: 102 });
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(await pipeline.depth(deadLetters)).toBe(102);
    expect(new Set(states(deadLetters))).toEqual(new Set(['visible']));
    await expect(dlq('export', 'messages', file, '--audit', audit)).rejects.toThrow(
      /is there already/,
    );

    const target = 'whatsapp-dev-calls-dead-letters';
    expect((await dlq('import', target, file, '--audit', audit, '--dry-run')).lines[0]).toMatch(
      /^102 .*would go/,
    );
    expect(await pipeline.depth(target)).toBe(0);
    await dlq('import', target, file, '--audit', audit);
    expect(pipeline.bodies(target).sort()).toEqual(bodies.sort());
    const [first] = pipeline.run.services.sqs.peek(pipeline.arn(target), 1);
    expect(first?.messageAttributes).toMatchObject({
      'fanout.reason': { StringValue: 'permanent' },
    });
  });

  test('import sends nothing of a file with a mistake, and names the line', async () => {
    const file = join(directory, 'letters.ndjson');
    writeFileSync(file, '{"body":"a"}\n\n{"body":"secret","attributes":[]}\n');
    const attempt = dlq('import', 'messages', file, '--audit', audit);
    await expect(attempt).rejects.toThrow(
      'Line 3 is no letter: expected "attributes" to be an object.',
    );
    expect(await pipeline.depth(deadLetters)).toBe(0);
  });

  test('names what there is when a queue is misspelt', async () => {
    await expect(dlq('show', 'mesages')).rejects.toMatchObject({
      code: 'commander.error',
      message: expect.stringContaining('There is no end queue "mesages"'),
    });
  });

  test('says how to start a local run when there is none', async () => {
    const nobody = runCommand(dlqCommand(), 'list', '--endpoint', 'http://127.0.0.1:9');
    await expect(nobody).rejects.toThrow(
      /No local run listens at 127\.0\.0\.1:9.*npm start.*--stack/,
    );
  });

  test('interrupted by Ctrl-C finishes what it has in hand, gives back the rest and ends with 130', async () => {
    await fill(
      pipeline,
      deadLetters,
      Array.from({ length: 300 }, (_, index) => `${index}`),
    );
    const program = fileURLToPath(new URL('../../../bin/fanout.ts', import.meta.url));
    const words = ['dlq', 'redrive', 'messages', '--rate', '20', '--audit', audit, '--json'];
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        program,
        ...words,
        '--endpoint',
        pipeline.run.awsEndpoint,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const output: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => output.push(data));
    const exit = once(child, 'exit');
    while ((await pipeline.depth('whatsapp-dev-messages')) === 0) await sleep(20);
    child.kill('SIGINT');
    expect(await exit).toEqual([130, null]);
    const { moved, interrupted } = JSON.parse(Buffer.concat(output).toString()) as Record<
      string,
      unknown
    >;
    expect(interrupted).toBe(true);
    expect(await pipeline.depth('whatsapp-dev-messages')).toBe(moved);
    expect(states(deadLetters)).not.toContain('inFlight');
    expect(await pipeline.depth(deadLetters)).toBe(300 - Number(moved));
  }, 20_000);
});
