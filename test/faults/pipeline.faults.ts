import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from '../../events/parse.ts';
import { connect } from '../../ops/aws/connect.ts';
import { findPipeline } from '../../ops/aws/find-pipeline.ts';
import { findFailureQueues } from '../../ops/dead-letters/failure-queue.ts';
import { redrive } from '../../ops/dead-letters/redrive.ts';
import { freshWebhook } from '../../ops/send-webhook.ts';
import { assembleFaultApp, FaultRun } from './fault-run.ts';
import { noFaults } from './faulty-aws.ts';
import { seed, seededRandom } from './random.ts';

let assembly: string;
let faults: FaultRun;

beforeAll(async () => {
  console.log(`FAULT_SEED=${seed} repeats this run`);
  assembly = await assembleFaultApp();
});
afterAll(() => rmSync(assembly, { recursive: true, force: true }));

beforeEach(async () => {
  faults = await FaultRun.start(assembly, seed, seededRandom(seed));
});
afterEach(async () => {
  await faults?.close();
});

/** Sends many webhooks, some at the same time, and gives the ids of those that were accepted. */
async function sendMany(count: number, make: (index: number) => unknown): Promise<string[]> {
  const accepted: string[] = [];
  let next = 0;
  const sender = async () => {
    while (next < count) {
      const { status, body } = await faults.send(make(next++));
      if (status < 300) {
        accepted.push((body as { id: string }).id);
      }
    }
  };
  await Promise.all(Array.from({ length: 16 }, sender));
  return accepted;
}

/** Ids of the events that wait in end queues, by queue. */
function idsInFailureQueues(): Map<string, string[]> {
  const ends = [
    'messages-dead-letters',
    'groups-dead-letters',
    'undeliverable',
    'unrouted',
    'spill-dead-letters',
  ];
  return new Map(
    ends.map((name) => [name, faults.bodies(name).map((body) => parse(body).meta.id)]),
  );
}

/** Sends on everything that waits in end queues, as `fanout dlq redrive` does. */
async function redriveEverything(): Promise<number> {
  const access = connect({ endpoint: faults.run.awsEndpoint });
  try {
    const pipeline = await findPipeline(access);
    let moved = 0;
    for (const queue of findFailureQueues(pipeline)) {
      if (queue.role !== 'spill') {
        moved += (await redrive(access, queue, pipeline)).moved;
      }
    }
    return moved;
  } finally {
    access.close();
  }
}

const notIn = (ids: readonly string[], known: ReadonlySet<string>) =>
  ids.filter((id) => !known.has(id));

describe('2,000 webhooks while every call fails now and then', () => {
  test('each one that was answered 2xx has its effect, or waits in a named queue; after a redrive, has its effect; idempotent ones exactly once', async () => {
    faults.aws.rates = {
      busRefuses: 0.15,
      entriesRefused: 0.15,
      busResets: 0.05,
      busIsSlow: 0.005,
      queueRefuses: 0.15,
      tableFails: 0.1,
    };
    const chaos = { throws: 0.35, killedBefore: 0.005, killedAfter: 0.01, hangs: 0.003 };
    faults.behave('messages', chaos);
    faults.behave('groups', chaos);

    const accepted = await sendMany(2_000, (index) =>
      freshWebhook(index % 2 === 0 ? 'message' : 'group.v2.update', 'waha', {
        session: `s${index}`,
      }),
    );
    // The consumers go on failing until each event is done or has been given up.
    faults.aws.rates = noFaults;
    await faults.settle();

    const { messages, groups } = {
      messages: faults.effects('messages'),
      groups: faults.effects('groups'),
    };
    const waiting = idsInFailureQueues();
    const found = new Set([...messages.keys(), ...groups.keys(), ...[...waiting.values()].flat()]);
    console.log({
      seed,
      accepted: accepted.length,
      faults: faults.aws.counts,
      waiting: Object.fromEntries([...waiting].map(([name, ids]) => [name, ids.length])),
      effectsTwice: {
        idempotent: [...messages.values()].filter((times) => times > 1).length,
        plain: [...groups.values()].filter((times) => times > 1).length,
      },
    });
    expect(accepted.length).toBe(2_000);
    expect(notIn(accepted, found)).toEqual([]);

    faults.behave('messages', {});
    faults.behave('groups', {});
    expect(await redriveEverything()).toBe([...waiting.values()].flat().length);
    await faults.settle();
    const done = new Set([
      ...faults.effects('messages').keys(),
      ...faults.effects('groups').keys(),
    ]);
    expect(notIn(accepted, done)).toEqual([]);
    expect([...idsInFailureQueues().values()].flat()).toEqual([]);
    expect([...faults.effects('messages')].filter(([, times]) => times !== 1)).toEqual([]);
  }, 1_200_000);
});

describe('the bus is down for a while', () => {
  test('the sender gets 202 as long as the spill queue takes events, and everything arrives when the bus is back', async () => {
    faults.aws.rates = { ...noFaults, busRefuses: 1 };
    const accepted = await sendMany(20, () => freshWebhook('message', 'waha'));
    expect(accepted).toHaveLength(20);
    faults.aws.rates = { ...noFaults, busRefuses: 1, queueRefuses: 1 };
    const refused = await faults.send(freshWebhook('message', 'waha'), 1);
    expect(refused.status).toBe(503);
    faults.aws.rates = { ...noFaults, busRefuses: 1 };
    expect(faults.bodies('spill')).toHaveLength(20);
    expect(faults.effects('messages').size).toBe(0);
    const [spilled] = faults.bodies('spill').map((body) => parse(body).meta);
    faults.aws.rates = noFaults;
    await faults.settle();
    expect(notIn(accepted, new Set(faults.effects('messages').keys()))).toEqual([]);
    expect(faults.effects('messages').has(spilled?.id ?? '')).toBe(true);
  }, 600_000);
});

describe('one poison message in each batch of ten', () => {
  test('nine succeed on the first try, the poison message is in the dead-letter queue with its reason, and no neighbour is delivered twice', async () => {
    const webhooks = Array.from({ length: 100 }, () => freshWebhook('message', 'waha'));
    // Paused, so that full batches come together.
    const { lambda } = faults.run.services;
    const mapping = lambda
      .listEventSourceMappings()
      .find(({ settings }) => settings.functionName.includes('whatsapp-dev-messages'));
    expect(mapping).toBeDefined();
    lambda.deleteEventSourceMapping(mapping?.uuid ?? '');
    const ids: string[] = [];
    for (const webhook of webhooks) {
      ids.push(((await faults.send(webhook)).body as { id: string }).id);
    }
    const poison = ids.filter((_, index) => index % 10 === 3);
    const permanent = poison.slice(5);
    faults.behave('messages', { poison: poison.slice(0, 5), permanent });
    if (mapping) {
      lambda.putEventSourceMapping(mapping.settings);
    }
    await faults.settle();

    const good = ids.filter((id) => !poison.includes(id));
    expect(good.map((id) => faults.attempts('messages').get(id))).toEqual(good.map(() => 1));
    expect(new Set(faults.effects('messages').keys())).toEqual(new Set(good));
    const deadLetters = faults.run.services.sqs.peek(faults.arnOf('messages-dead-letters'), 100);
    expect(new Set(deadLetters.map(({ body }) => parse(body).meta.id))).toEqual(new Set(poison));
    for (const { body, messageAttributes } of deadLetters) {
      const isPermanent = permanent.includes(parse(body).meta.id);
      expect(messageAttributes).toMatchObject({
        'fanout.reason': { StringValue: isPermanent ? 'permanent' : 'exhausted' },
        'fanout.error': { StringValue: isPermanent ? 'PermanentError' : 'Error' },
      });
    }
    expect(permanent.map((id) => faults.attempts('messages').get(id))).toEqual(
      permanent.map(() => 1),
    );
  }, 600_000);
});
