import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { dlqCommand } from '../../../cli/dlq.ts';
import { busEvent, fill } from '../../ops/dead-letters/example-messages.ts';
import { runCommand } from '../run-command.ts';
import { openShell, type Shell } from '../shell.ts';

const deadLetters = 'whatsapp-dev-messages-dead-letters';

describe('fanout dlq', () => {
  let shell: Shell;
  beforeEach(async () => {
    shell = await openShell();
  });
  afterEach(() => shell.close());

  test('list names each queue in which messages end, with depth and age', async () => {
    const { pipeline, dlq, json, states } = shell;
    const filledAt = Date.now();
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
    expect(Date.parse(String(queues[1]?.oldestSentAt))).toBeGreaterThanOrEqual(filledAt);
    expect(states(deadLetters)).toEqual(['visible', 'visible']);
    const { lines } = await dlq('list');
    expect(lines.join('\n')).toMatch(/^messages +2 +0 +0 +\d+[sm]$/m);
    expect(lines.join('\n')).toMatch(/4 empty queues are not shown \(--all\)/);
    expect((await dlq('list', '--all')).lines.join('\n')).toMatch(/^undeliverable +0 +0 +0 +-$/m);
  });

  test('list finds a queue that a user has put on the bus while it runs', async () => {
    const { pipeline, json } = shell;
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

  test('show lists the messages of a queue and leaves them there, visible', async () => {
    const { pipeline, dlq, json, states } = shell;
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

  test('show has error messages only with --reveal, because a handler may quote a text in them', async () => {
    const { pipeline, dlq } = shell;
    await fill(pipeline, deadLetters, [busEvent('message')], {
      'fanout.reason': 'failed',
      'fanout.error': 'TypeError',
      'fanout.errorMessage': 'no order in "call me at +12025550142"',
      'fanout.errorAt': '/app/orders.ts:1:2',
      'fanout.consumer': 'messages',
    });
    const printed = async (...words: string[]) =>
      (await dlq('show', 'messages', ...words)).lines.join('\n');
    for (const words of [[], ['--json'], ['--full'], ['--group-by', 'error']]) {
      expect(await printed(...words)).toContain('failed TypeError');
      expect(await printed(...words)).not.toContain('12025550142');
      expect(await printed('--reveal', ...words)).not.toContain('--reveal');
    }
    expect(await printed()).toMatch(
      /failed TypeError\n {2}at \/app\/orders\.ts:1:2\n\n--reveal shows the error messages\.$/,
    );
    expect(await printed('--reveal')).toMatch(/TypeError: no order in "call me at \+12025550142"/);
    expect(await printed('--reveal', '--json')).toContain('+12025550142');
  });

  test('show counts by error, type or session', async () => {
    const { pipeline, json } = shell;
    await fill(pipeline, deadLetters, [busEvent('message'), busEvent('message')]);
    await fill(pipeline, deadLetters, [busEvent('message.any')]);
    const groups = await json('show', deadLetters, '--group-by', 'type');
    expect(groups.map(({ type, count }) => [type, count])).toEqual([
      ['message', 2],
      ['message.any', 1],
    ]);
  });

  test('show prints no more than --limit', async () => {
    const { pipeline, json, states } = shell;
    await fill(
      pipeline,
      deadLetters,
      Array.from({ length: 25 }, () => '{}'),
    );
    expect(await json('show', 'messages', '--limit', '12')).toHaveLength(12);
    expect(states(deadLetters).filter((state) => state === 'visible')).toHaveLength(25);
  });

  test('redrive moves what matches, and records who, when, what and why', async () => {
    const { pipeline, audit, json, records } = shell;
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
    const { pipeline, directory, dlq } = shell;
    await fill(pipeline, deadLetters, ['{}']);
    writeFileSync(join(directory, 'file'), '');
    const impossible = join(directory, 'file', 'audit.ndjson');
    await expect(dlq('redrive', 'messages', '--audit', impossible)).rejects.toThrow(
      /nothing was done/,
    );
    expect(await pipeline.depth(deadLetters)).toBe(1);
  });

  test('an export that cannot be written is recorded as ended', async () => {
    const { directory, audit, dlq, records } = shell;
    const file = join(directory, 'there.ndjson');
    writeFileSync(file, '');
    await expect(dlq('export', 'messages', file, '--audit', audit)).rejects.toThrow(/exists/);
    expect(records()).toMatchObject([
      { event: 'begun', action: 'export' },
      { event: 'ended', exported: 0, error: expect.stringMatching(/exists/) },
    ]);
  });

  test('an export that is interrupted says that messages may be missing', async () => {
    const { pipeline, directory, audit, dlq } = shell;
    await fill(
      pipeline,
      deadLetters,
      Array.from({ length: 200 }, () => '{}'),
    );
    // Ctrl-C as soon as the command listens for it.
    const interrupt = (name: string | symbol) =>
      name === 'SIGINT' && setImmediate(() => process.emit('SIGINT'));
    process.on('newListener', interrupt);
    const file = join(directory, 'out.ndjson');
    const { lines, exitCode } = await dlq('export', 'messages', file, '--audit', audit);
    process.off('newListener', interrupt);
    expect(lines.at(-1)).toMatch(/^Interrupted: others may be missing\./);
    expect(exitCode).toBe(130);
  });

  test('redrive says what stays and why, and ends with 1', async () => {
    const { pipeline, audit, dlq } = shell;
    await fill(pipeline, 'whatsapp-dev-undeliverable', ['{}']);
    const { lines, exitCode } = await dlq('redrive', 'undeliverable', '--audit', audit);
    expect(lines.join('\n')).toMatch(/1 stayed: it does not say which rule and target failed/);
    expect(exitCode).toBe(1);
  });

  test('purge deletes what matches, and the whole queue without a filter', async () => {
    const { pipeline, audit, dlq, records, states } = shell;
    await fill(pipeline, deadLetters, [busEvent('message', 'a'), busEvent('message', 'b')]);
    const yes = ['--yes', '--audit', audit] as const;
    const { lines } = await dlq('purge', 'messages', '--session', 'a', ...yes);
    expect(lines).toEqual(['1 deleted, 1 did not match the filter.']);
    expect(states(deadLetters)).toEqual(['visible']);
    await dlq('purge', 'messages', ...yes);
    expect(await pipeline.depth(deadLetters)).toBe(0);
    expect(records().map(({ event }) => event)).toEqual(['begun', 'ended', 'begun', 'ended']);
  });

  test('purge deletes nothing without a confirmation', async () => {
    const { pipeline, audit, dlq } = shell;
    await fill(pipeline, deadLetters, ['{}']);
    await expect(dlq('purge', 'messages', '--audit', audit)).rejects.toThrow(/--yes/);
    expect(await pipeline.depth(deadLetters)).toBe(1);
  });

  test('lists the existing queues when a name is misspelt', async () => {
    const { dlq } = shell;
    await expect(dlq('show', 'mesages')).rejects.toMatchObject({
      code: 'commander.error',
      message: expect.stringContaining(
        'There is no failure queue "mesages". Did you mean "messages"?',
      ),
    });
  });

  test('says how to start a local run when there is none', async () => {
    const refused = runCommand(dlqCommand(), 'list', '--endpoint', 'http://127.0.0.1:9');
    await expect(refused).rejects.toThrow(
      /No local run listens at 127\.0\.0\.1:9.*npm start.*--stack/,
    );
  });
});
