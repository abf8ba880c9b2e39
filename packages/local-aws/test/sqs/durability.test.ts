import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SteppedClock } from '../../src/clock.ts';
import { openStore } from '../../src/store.ts';
import { arnOf, createWithDeadLetters, openSqs, urlOf } from './open-sqs.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sqs-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** SQS on the directory, with the clock this long after its start. */
const open = (elapsedMs = 0) =>
  openSqs({
    store: openStore(directory),
    clock: new SteppedClock(Date.parse('2026-01-01T00:00:00Z') + elapsedMs),
  });

function shut({ sqs, store }: ReturnType<typeof open>) {
  sqs.close();
  store.close();
}

describe('after a restart', () => {
  test('messages in flight stay hidden until their visibility timeout ends, and their handles stay valid', async () => {
    const before = open();
    await before.create('orders', { VisibilityTimeout: '60' });
    for (const body of ['a', 'b']) {
      await before.send('orders', body);
    }
    await before.send('orders', 'late', { DelaySeconds: 30 });
    const [a] = await before.receive('orders', { MaxNumberOfMessages: 2 });
    shut(before);

    const after = open(30_000);
    expect(await after.counts('orders')).toEqual([1, 2, 0]);
    expect(await after.bodies('orders')).toEqual(['late']);
    if (a) {
      await after.remove('orders', a);
    }
    shut(after);

    const later = open(60_000);
    const [b] = await later.receive('orders', { MessageSystemAttributeNames: ['All'] });
    expect(b).toMatchObject({ Body: 'b', Attributes: { ApproximateReceiveCount: '2' } });
    shut(later);
  });

  test('queues keep their attributes and tags', async () => {
    const before = open();
    await createWithDeadLetters(before, 3);
    await before.call('TagQueue', { QueueUrl: urlOf('source'), Tags: { a: 'b' } });
    const attributes = await before.attributes('source');
    shut(before);

    const after = open();
    expect(await after.attributes('source')).toEqual(attributes);
    expect(await after.call('ListQueueTags', { QueueUrl: urlOf('source') })).toEqual({
      Tags: { a: 'b' },
    });
    shut(after);
  });

  test('FIFO groups stay locked and duplicates known', async () => {
    const before = open();
    await before.create('orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    const group = { MessageGroupId: 'g' };
    for (const body of ['a', 'b']) {
      await before.send('orders.fifo', body, group);
    }
    const [a] = await before.receive('orders.fifo', { ReceiveRequestAttemptId: 'try' });
    shut(before);

    const after = open(1000);
    await after.send('orders.fifo', 'a', group);
    expect(await after.bodies('orders.fifo')).toEqual([]);
    const [again] = await after.receive('orders.fifo', { ReceiveRequestAttemptId: 'try' });
    expect(again).toEqual(a);
    if (a) {
      await after.remove('orders.fifo', a);
    }
    expect(await after.bodies('orders.fifo')).toEqual(['b']);
    shut(after);
  });

  test('a number is never reused for another message, so that an old handle deletes nothing', async () => {
    const before = open();
    await before.create('orders');
    await before.send('orders', 'old');
    const [old] = await before.receive('orders');
    if (!old) {
      throw new Error('nothing received');
    }
    await before.remove('orders', old);
    shut(before);

    const after = open();
    await after.send('orders', 'new');
    await after.remove('orders', old);
    expect(await after.counts('orders')).toEqual([1, 0, 0]);
    shut(after);
  });
});

describe('kill -9', () => {
  test.each(['each', 'grouped'])(
    'whatever was confirmed before it is stored after it, with commits %s',
    async (mode) => {
      const child = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', childScript, directory, mode],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      let output = '';
      for await (const chunk of child.stdout) {
        output += chunk;
        // The child sends and deletes without end.
        if (output.split('\n').length > 300 && !child.killed) {
          child.kill('SIGKILL');
        }
      }
      const lines = output.split('\n').slice(0, -1);
      const marked = (mark: string) =>
        lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(1));
      const [sent, deleting, deleted] = [marked('+'), new Set(marked('~')), new Set(marked('-'))];

      const { sqs, store } = openSqs({ store: openStore(directory) });
      const kept = sqs.peek(arnOf('orders'), 100_000).map(({ body }) => body);
      store.close();
      expect(sent.filter((body) => !deleting.has(body) && !kept.includes(body))).toEqual([]);
      expect(kept.filter((body) => deleted.has(body))).toEqual([]);
      expect(sent.length).toBeGreaterThan(50);
    },
  );
});

const childScript = fileURLToPath(new URL('./send-without-end.ts', import.meta.url));
