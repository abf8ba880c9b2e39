import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from '../../events/parse.ts';
import { freshWebhook } from '../../ops/send-webhook.ts';
import { assembleFaultApp, FaultRun } from './fault-run.ts';
import { seed, seededRandom } from './random.ts';

let assembly: string;
let faults: FaultRun;
let directory: string;

beforeAll(async () => {
  console.log(`FAULT_SEED=${seed} repeats this run`);
  assembly = await assembleFaultApp();
  faults = await FaultRun.start(assembly, seed, seededRandom(seed));
  directory = mkdtempSync(join(tmpdir(), 'fanout-audit-'));
});
afterAll(async () => {
  await faults?.close();
  for (const each of [assembly, directory]) {
    rmSync(each, { recursive: true, force: true });
  }
});

/** The real command line in a process of its own. */
function fanout(...args: string[]): ChildProcess {
  const entry = fileURLToPath(new URL('../../bin/fanout.ts', import.meta.url));
  const audit = join(directory, 'audit.ndjson');
  return spawn(
    process.execPath,
    ['--no-warnings', entry, ...args, '--endpoint', faults.run.awsEndpoint, '--audit', audit],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once('close', resolve));

const ids = (queue: string) => faults.bodies(queue).map((body) => parse(body).meta.id);

describe('a target that is gone', () => {
  test('events for it wait in the undeliverable queue, and are redriven to it alone when it is back', async () => {
    const { eventBridge, sqs } = faults.run.services;
    const bus = { EventBusName: 'whatsapp-dev' };
    await sqs.call('CreateQueue', { QueueName: 'whatsapp-dev-mine' });
    const arn = faults.arnOf('mine');
    await eventBridge.call('PutRule', {
      ...bus,
      Name: 'mine',
      EventPattern: '{"source":["whatsapp"],"detail-type":["group.v2.update"]}',
    });
    const DeadLetterConfig = { Arn: faults.arnOf('undeliverable') };
    await eventBridge.call('PutTargets', {
      ...bus,
      Rule: 'mine',
      Targets: [{ Id: '1', Arn: arn, DeadLetterConfig }],
    });
    await sqs.call('DeleteQueue', { QueueUrl: sqs.urlOf(arn) });

    const { body } = await faults.send(freshWebhook('group.v2.update', 'waha'));
    const { id } = body as { id: string };
    await faults.settle();
    expect(faults.effects('groups').get(id)).toBe(1);
    expect(ids('undeliverable')).toEqual([id]);
    const [message] = sqs.peek(faults.arnOf('undeliverable'), 1);
    expect(message?.messageAttributes).toMatchObject({ TARGET_ARN: { StringValue: arn } });

    // SQS keeps the name of a deleted queue for a minute of its own time.
    for (;;) {
      try {
        await sqs.call('CreateQueue', { QueueName: 'whatsapp-dev-mine' });
        break;
      } catch (error) {
        expect((error as Error).name).toBe('QueueDeletedRecently');
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
    expect(await ended(fanout('dlq', 'redrive', 'undeliverable', '--json'))).toBe(0);
    await faults.settle();
    expect(ids('mine')).toEqual([id]);
    expect(ids('undeliverable')).toEqual([]);
    expect(faults.effects('groups').get(id)).toBe(1);
  });
});

describe('10,000 dead-letter messages', () => {
  test('all arrive, although Ctrl-C ends the redrive in the middle', async () => {
    const { lambda, sqs } = faults.run.services;
    for (const { uuid } of lambda.listEventSourceMappings()) {
      lambda.deleteEventSourceMapping(uuid);
    }
    const messages = faults.arnOf('messages-dead-letters');
    const expected = new Set<string>();
    for (let index = 0; index < 10_000; index++) {
      const id = `message:${index}`;
      expected.add(id);
      const detail = { meta: { id, type: 'message', category: 'messages' }, data: {} };
      sqs.sendToArn(messages, {
        body: JSON.stringify({ source: 'whatsapp', 'detail-type': 'message', detail }),
      });
    }
    const depth = (name: string) => sqs.peek(faults.arnOf(name), 20_000).length;

    // Two minutes of work: it cannot be done before it is interrupted.
    const first = fanout('dlq', 'redrive', 'messages', '--rate', '80', '--json');
    while (depth('messages') < 240) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    first.kill('SIGINT');
    expect(await ended(first)).toBe(130);
    const moved = depth('messages');
    expect(moved).toBeLessThan(10_000);
    expect(moved + depth('messages-dead-letters')).toBeGreaterThanOrEqual(10_000);

    expect(await ended(fanout('dlq', 'redrive', 'messages', '--json'))).toBe(0);
    expect(depth('messages-dead-letters')).toBe(0);
    const arrived = ids('messages');
    expect(new Set(arrived)).toEqual(expected);
    console.log({ seed, movedBeforeCtrlC: moved, doubled: arrived.length - expected.size });
  }, 600_000);
});
