import { rmSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals';
import type { Context } from 'aws-lambda';
import type { AuthScheme } from '../../events/keyring/keyring.ts';
import { readKeyring } from '../../events/keyring/keyring.ts';
import { sign } from '../../events/signature.ts';
import { deduplicationHours } from '../../lambdas/ingest/deduplicate.ts';
import { ingestHandler } from '../../lambdas/ingest/handler.ts';
import type { IngestEvent } from '../../lambdas/ingest/middleware.ts';
import { SecretCache } from '../../lambdas/ingest/secret-cache.ts';
import { IdempotencyTable } from '../../lambdas/runtime/idempotency-table.ts';
import { freshWebhook } from '../../ops/send-webhook.ts';
import { assembleFaultApp, FaultRun } from './fault-run.ts';
import { seed, seededRandom } from './random.ts';

let assembly: string;
let faults: FaultRun;

beforeAll(async () => {
  console.log(`FAULT_SEED=${seed} repeats this run`);
  assembly = await assembleFaultApp();
  faults = await FaultRun.start(assembly, seed, seededRandom(seed));
});
afterAll(async () => {
  await faults?.close();
  rmSync(assembly, { recursive: true, force: true });
});
beforeEach(() => {
  faults.lines.length = 0;
});

/** A fact of its own in each test: ids of messages and calls must not meet. */
const unique = () => `3EB0${crypto.randomUUID().replaceAll('-', '').toUpperCase().slice(0, 16)}`;

const phone = '12025550142@c.us';
const lid = '206158430200142@lid';
const group = '120363020000000042@g.us';
let count = 0;

/** A body as WAHA sends it, with an event id of its own unless one is given. */
function body(event: string, payload: object, fields: object = {}) {
  count += 1;
  return {
    id: `evt_01kdwr7v00${String(count).padStart(16, '0')}`,
    timestamp: 1_769_932_800_000 + count,
    event,
    session: 'default',
    engine: 'NOWEB',
    ...fields,
    payload,
  };
}

interface Pair {
  readonly webhooks: readonly object[];
  readonly statuses: readonly number[];
  readonly counted: Record<string, number>;
}

const message = (id: string, from = phone, fields: object = {}) => ({
  id: `false_${from}_${id}`,
  timestamp: 1_767_268_800,
  from,
  fromMe: false,
  body: 'Hi',
  ...fields,
});
const ack = (id: string, chat: string, level: number) => ({
  id: `true_${chat}_${id}`,
  from: chat,
  fromMe: true,
  ack: level,
});

/** The pairs that WAHA is known to send, and the result of deduplication for each. */
const pairs: Record<string, () => Pair> = {
  'message and message.any, with one event id (NOWEB, GOWS)': () => {
    const shared = { id: `evt_${unique().toLowerCase()}`, timestamp: 1_769_932_800_000 };
    const payload = message(unique());
    return {
      webhooks: [body('message', payload, shared), body('message.any', payload, shared)],
      statuses: [202, 200],
      counted: { 'other-type': 1 },
    };
  },
  'message and message.any, with two event ids (WEBJS, WPP)': () => {
    const payload = message(unique());
    return {
      webhooks: [body('message.any', payload), body('message', payload)],
      statuses: [202, 200],
      counted: { 'other-type': 1 },
    };
  },
  'the copy by hidden id and the copy by phone number': () => {
    const id = unique();
    return {
      webhooks: [body('message', message(id, lid)), body('message', message(id, phone))],
      statuses: [202, 200],
      counted: { duplicate: 1 },
    };
  },
  'a message that waits, and then comes': () => {
    const id = unique();
    const { body: _, ...waiting } = message(id);
    return {
      webhooks: [body('message.waiting', waiting), body('message', message(id))],
      statuses: [202, 202],
      counted: {},
    };
  },
  'the same acknowledgement repeated': () => {
    const id = unique();
    return {
      webhooks: [body('message.ack', ack(id, phone, 3)), body('message.ack', ack(id, phone, 3))],
      statuses: [202, 200],
      counted: { duplicate: 1 },
    };
  },
  'an acknowledgement that rises': () => {
    const id = unique();
    return {
      webhooks: [2, 3, 4].map((level) => body('message.ack', ack(id, phone, level))),
      statuses: [202, 202, 202],
      counted: {},
    };
  },
  'a group’s acknowledgement by its old and by its new name': () => {
    const payload = { ...ack(unique(), group, 3), participant: phone };
    return {
      webhooks: [body('message.ack', payload), body('message.ack.group', payload)],
      statuses: [202, 200],
      counted: { 'other-type': 1 },
    };
  },
  'the webhook of the session and the global webhook to one URL': () => {
    const webhook = freshWebhook('group.v2.update', 'waha');
    return { webhooks: [webhook, webhook], statuses: [202, 200], counted: { duplicate: 1 } };
  },
  'each click in a poll': () => {
    const vote = (selectedOptions: string[], timestamp: number) =>
      body('poll.vote', {
        vote: {
          id: `false_${phone}_${poll}`,
          from: phone,
          to: 'me',
          fromMe: false,
          selectedOptions,
          timestamp,
        },
        poll: { id: `true_${phone}_${poll}`, from: 'me', to: phone, fromMe: true },
      });
    const poll = unique();
    return {
      webhooks: [
        vote(['a'], 1_767_268_801_000),
        vote(['a', 'b'], 1_767_268_802_000),
        vote([], 1_767_268_803_000),
      ],
      statuses: [202, 202, 202],
      counted: {},
    };
  },
  'a call that rings, is accepted and ends': () => {
    const payload = {
      id: unique(),
      from: phone,
      timestamp: 1_767_268_800,
      isVideo: false,
      isGroup: false,
    };
    const types = ['call.received', 'call.accepted', 'call.rejected'];
    return {
      webhooks: types.map((type) => body(type, payload)),
      statuses: [202, 202, 202],
      counted: {},
    };
  },
  'a session that flaps': () => {
    const statuses = ['STARTING', 'WORKING', 'STARTING', 'WORKING'];
    return {
      webhooks: statuses.map((status) => body('session.status', { name: 'default', status })),
      statuses: [202, 202, 202, 202],
      counted: {},
    };
  },
  'the engine’s own event and the message it tells of': () => {
    const payload = message(unique());
    return {
      webhooks: [
        body('engine.event', { event: 'messages.upsert', data: [payload] }),
        body('message', payload),
      ],
      statuses: [202, 202],
      counted: {},
    };
  },
  'one id with other content': () => {
    const id = unique();
    return {
      webhooks: [
        body('message', message(id)),
        body('message', message(id, phone, { body: 'Bye' })),
      ],
      statuses: [202, 202],
      counted: { conflict: 1 },
    };
  },
};

describe('pairs that senders send', () => {
  test.each(Object.keys(pairs))('%s', async (name) => {
    const { webhooks, statuses, counted } = (pairs[name] as () => Pair)();
    const answers = [];
    for (const webhook of webhooks) {
      answers.push(await faults.send(webhook, 1));
    }
    expect(answers.map(({ status }) => status)).toEqual(statuses);
    expect(faults.counted('Duplicates', 'Result')).toEqual(counted);
    const ids = answers.map((answer) => (answer.body as { id: string }).id);
    answers.forEach(({ status }, index) => {
      if (status === 200) {
        expect(ids[index]).toBe(ids[0]);
      }
    });
  });
});

/** Seconds after the first try at which WAHA tries again, with its defaults: 2 s and 15 retries. */
const retryPatterns: Record<string, (retry: number) => number> = {
  constant: (retry) => 2 * retry,
  linear: (retry) => (2 * retry * (retry + 1)) / 2,
  exponential: (retry) => 2 * (2 ** (retry + 1) - 2) * 1.2,
};

describe('a sender that never receives our response', () => {
  beforeEach(() => {
    jest.spyOn(console, 'info').mockImplementation(() => {});
    jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test.each(Object.keys(retryPatterns))(
    'retries (%s) sixteen times in all, and the event is published once',
    async (name) => {
      const { awsEndpoint, region } = faults.run;
      const client = new DynamoDBClient({
        endpoint: awsEndpoint,
        region,
        credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
      });
      const start = Date.parse('2026-03-01T00:00:00Z');
      let now = start;
      let published = 0;
      const handler = ingestHandler({
        busName: 'whatsapp-dev',
        authentication: 'hmac',
        maxBodyBytes: 1_000_000,
        keyrings: new SecretCache(
          async (scheme: AuthScheme) => readKeyring('secret', scheme),
          () => now,
        ),
        now: () => now,
        putEvents: async (entries) => {
          published += entries.length;
          return entries.map(() => ({ EventId: 'id' }));
        },
        putClaimCheck: async () => {
          throw new Error('not large');
        },
        spill: async () => {},
        deduplicationTable: new IdempotencyTable({
          ...{ client: () => client, tableName: 'whatsapp-dev-deduplication', now: () => now },
          ...{ leaseMs: 25_000, retentionMs: deduplicationHours * 3_600_000 },
        }),
        isDeduplicated: () => true,
      });
      const text = JSON.stringify(freshWebhook('message', 'waha'));
      const event = { body: text, headers: { 'x-webhook-hmac': sign(text, 'secret') } };
      const statuses = [];
      for (let attempt = 0; attempt <= 15; attempt++) {
        now = start + (attempt === 0 ? 0 : (retryPatterns[name]?.(attempt) ?? 0) * 1_000);
        const again = { ...event } as unknown as IngestEvent;
        statuses.push((await handler(again, {} as Context)).statusCode);
      }
      expect(statuses).toEqual([202, ...Array.from({ length: 15 }, () => 200)]);
      expect(published).toBe(1);
      if (name === 'exponential') {
        expect(now - start).toBeGreaterThan(36 * 3_600_000);
      }
    },
  );
});
