import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WhatsAppEvent } from '../../events/envelope.ts';
import { parse } from '../../events/parse.ts';
import { lastPartOf } from '../../ops/aws/arn.ts';
import { postWebhook } from '../../ops/send-webhook.ts';
import { wahaBody } from '../events/webhook.ts';
import { testSecret } from './secrets.ts';
import { startProject, webhookUrlOf } from './start-project.ts';

const calls = 'whatsapp-dev-calls';
const proof = { kind: 'signature', secret: testSecret } as const;

/** The events `call.missed` in the order in which the bus delivered them. */
const missed: WhatsAppEvent['meta'][] = [];
/** Resolves the wait for a webhook when its consumer has handled it, by the sender's event id. */
const handled = new Map<string, () => void>();

let run: LocalRun;
beforeAll(async () => {
  run = await startProject({
    observer: {
      queued: (queueArn, body) => {
        const { meta } = parse(body);
        if (lastPartOf(queueArn) === calls && meta.type === 'call.missed') {
          missed.push(meta);
        }
      },
      batchFinished: ({ records }, failed) => {
        for (const { messageId, body } of records) {
          const { senderEventId = '' } = parse(body).meta;
          if (!failed.has(messageId)) {
            handled.get(senderEventId)?.();
          }
        }
      },
    },
  });
});

afterAll(async () => {
  await run?.close();
});

const phone = '12025550142@c.us';
const hidden = '206158430200142@lid';
const T = 1_769_904_000;
let sent = 0;

/** Sends a webhook, and waits until the consumer has handled it. */
async function send(type: string, payload: object, engine = 'NOWEB'): Promise<void> {
  const id = `evt_missed_${++sent}`;
  const { promise, resolve } = Promise.withResolvers<void>();
  handled.set(id, resolve);
  const body = wahaBody(type, payload, { id, timestamp: (T + sent) * 1000, engine });
  expect((await postWebhook(webhookUrlOf(run), JSON.stringify(body), proof)).status).toBe(202);
  await promise;
}

const offered = (id: string, from: string, at: number) =>
  send('call.received', { id, from, timestamp: T + at, isVideo: false });

const ended = (id: string, from: string, at: number, _data: object, engine?: string) =>
  send('call.rejected', { id, from, timestamp: T + at, _data }, engine);

/** The events `call.missed` since the last time, after all that was sent was handled and delivered. */
async function newlyMissed(): Promise<typeof missed> {
  while (run.services.eventBridge.pending() > 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  return missed.splice(0);
}

test('a call that was declined or accepted elsewhere is not missed when it ends a second time', async () => {
  await ended('CALLFF', phone, 5, { status: 'reject' });
  await ended('CALLFF', phone, 8, { status: 'terminate' });
  await ended('CALLGG', phone, 5, { CallID: 'CALLGG', Reason: 'accepted_elsewhere' }, 'GOWS');
  await ended('CALLGG', phone, 8, { CallID: 'CALLGG', Reason: '' }, 'GOWS');
  expect(await newlyMissed()).toEqual([]);
});

test('a call is missed once if its caller’s phone number is learned between two ends', async () => {
  await ended('CALLCC', hidden, 20, { status: 'terminate' });
  await send('message', {
    ...{ id: `false_${hidden}_3EB0F00D`, from: hidden, fromMe: false, timestamp: T + 22 },
    ...{ body: 'Call me back', hasMedia: false },
    _data: { key: { remoteJid: hidden, remoteJidAlt: phone.replace('@c.us', '@s.whatsapp.net') } },
  });
  await ended('CALLCC', hidden, 25, { status: 'timeout' });
  expect(await newlyMissed()).toHaveLength(1);
});

test('two calls with one id are missed twice, each with its own id', async () => {
  for (const at of [0, 5000]) {
    await offered('CALLRR', phone, at);
    await ended('CALLRR', phone, at + 20, { status: 'timeout' });
  }
  const all = await newlyMissed();
  expect(all).toHaveLength(2);
  expect(new Set(all.map(({ id }) => id)).size).toBe(2);
});
