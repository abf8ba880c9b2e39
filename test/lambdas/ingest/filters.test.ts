import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import { catalog, categories, eventTypes } from '../../../events/catalog.ts';
import type { Envelope } from '../../../events/envelope.ts';
import { exampleWebhook } from '../../../events/example-webhook.ts';
import { readFilterRules } from '../../../events/filters/read-filter-rules.ts';
import type { AuthScheme } from '../../../events/keyring/keyring.ts';
import { readKeyring } from '../../../events/keyring/keyring.ts';
import { sign } from '../../../events/signature.ts';
import { EventFilter } from '../../../lambdas/ingest/filter.ts';
import { ingestHandler } from '../../../lambdas/ingest/handler.ts';
import type { IngestEvent } from '../../../lambdas/ingest/middleware.ts';
import { SecretCache } from '../../../lambdas/ingest/secret-cache.ts';
import { IdempotencyTable } from '../../../lambdas/runtime/idempotency-table.ts';
import { clientWith } from '../in-process-table.ts';

const secret = 'the-signing-secret';
let counts: Record<string, unknown>[] = [];
beforeEach(() => {
  counts = [];
  for (const level of ['info', 'warn', 'error'] as const) {
    jest.spyOn(console, level).mockImplementation(() => {});
  }
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    counts.push(JSON.parse(String(text)));
    return true;
  });
});

/** Ingest of a stage with this setting, with a bus, a deduplication table that is down and counts its calls, and a clock. */
function setUp(filters: string) {
  const state = { now: 1_780_000_000_000, busIsDown: false, tableCalls: 0 };
  const published: PutEventsRequestEntry[] = [];
  const handler = ingestHandler({
    busName: 'whatsapp-test',
    authentication: 'hmac',
    maxBodyBytes: 5_000_000,
    keyrings: new SecretCache(async (scheme: AuthScheme) => readKeyring(secret, scheme)),
    putEvents: async (entries) => {
      if (state.busIsDown) {
        return entries.map(() => ({ ErrorCode: 'AccessDeniedException' }));
      }
      published.push(...entries);
      return entries.map(() => ({ EventId: 'id' }));
    },
    putClaimCheck: () => Promise.reject(new Error('not expected')),
    spill: () => Promise.reject(new Error('the spill queue is down')),
    filters: new EventFilter(readFilterRules(filters), () => state.now),
    deduplicationTable: new IdempotencyTable({
      client: clientWith(() => {
        state.tableCalls++;
        return 'not-written';
      }),
      ...{ tableName: 'table', leaseMs: 25_000, retentionMs: 48 * 3_600_000 },
      now: () => state.now,
    }),
    isDeduplicated: () => true,
    now: () => state.now,
  });
  const send = async (webhook: unknown) => {
    const body = JSON.stringify(webhook);
    const event = { body, headers: { 'x-webhook-hmac': sign(body, secret) }, requestContext: {} };
    const answer = await handler(event as unknown as IngestEvent, {} as Context);
    return { status: answer.statusCode, body: JSON.parse(answer.body ?? '') };
  };
  return { state, published, send };
}

let serial = 0;
/** A webhook with an event id of its own, as a sender gives to each. */
const fresh = (webhook: object) => ({ ...webhook, id: `evt_${serial++}` });
const presence = (lastKnownPresence: string, chat = '12025550142@c.us') =>
  fresh({
    ...exampleWebhook('presence.update', 'waha'),
    payload: { id: chat, presences: [{ participant: chat, lastKnownPresence, lastSeen: null }] },
  });

describe('filters', () => {
  test('a dropped event is answered 200 with the action, counted, and neither deduplicated nor published', async () => {
    const { send, published, state } = setUp('presence:drop');
    const answer = await send(presence('typing'));
    expect(answer).toEqual({
      status: 200,
      body: { id: expect.any(String), type: 'presence.update', filtered: 'drop' },
    });
    expect([published, state.tableCalls]).toEqual([[], 0]);
    expect(counts).toMatchObject([{ Filtered: 1, Type: 'presence.update', Action: 'drop' }]);
  });

  test('an event without a matching rule is published', async () => {
    const { send, published } = setUp('engine:drop');
    expect((await send(presence('typing'))).status).toBe(202);
    expect(published).toHaveLength(1);
  });

  test('an unrecognized event is published, even with the name of a dropped type', async () => {
    const { send, published } = setUp('presence:drop');
    await send({ ...exampleWebhook('presence.update', 'waha'), payload: 'of another shape' });
    expect(published.map(({ DetailType }) => DetailType)).toEqual(['unrecognized']);
  });

  test('a sample publishes about one of N events, and the same ones in a retry', async () => {
    const { send, published } = setUp('presence:sample/4');
    const webhooks = Array.from({ length: 400 }, () => presence('typing'));
    const first = [];
    for (const webhook of webhooks) {
      first.push((await send(webhook)).status);
    }
    const reported = first.filter((status) => status === 202).length;
    expect(reported).toBe(published.length);
    // The ids are fixed by the counter above: this is no game of chance.
    expect(reported).toBeGreaterThan(60);
    expect(reported).toBeLessThan(140);
    const again = [];
    for (const webhook of webhooks) {
      again.push((await send(webhook)).status);
    }
    expect(again).toEqual(first);
  });

  test('repetitions within the window are dropped, changes and later repetitions are published', async () => {
    const { send, state, published } = setUp('presence:debounce/30');
    const statuses = async (...words: string[]) => {
      const all = [];
      for (const word of words) {
        all.push((await send(presence(word))).status);
      }
      return all;
    };
    expect(await statuses('typing', 'typing', 'paused', 'paused', 'typing')).toEqual([
      202, 200, 202, 200, 202,
    ]);
    state.now += 29_999;
    expect(await statuses('typing')).toEqual([200]);
    state.now += 1;
    expect(await statuses('typing')).toEqual([202]);
    expect(published).toHaveLength(4);
  });

  test('a debounce of one chat does not affect another', async () => {
    const { send } = setUp('presence:debounce/30');
    expect((await send(presence('typing'))).status).toBe(202);
    expect((await send(presence('typing', '447700900123@c.us'))).status).toBe(202);
  });

  test('an event that could not be published is published in the sender’s retry', async () => {
    const { send, state, published } = setUp('presence:debounce/30');
    const webhook = presence('typing');
    state.busIsDown = true;
    expect((await send(webhook)).status).toBe(503);
    state.busIsDown = false;
    expect((await send(webhook)).status).toBe(202);
    expect(published).toHaveLength(1);
  });

  test('an event that no rule matches is never dropped', async () => {
    const measures = ['drop', 'sample/2', 'debounce/900'];
    const webhooks = eventTypes.flatMap((type) =>
      (['waha', 'wawp'] as const).flatMap((sender) =>
        [true, false].map((fromMe) => {
          const webhook = exampleWebhook(type, sender) as { payload: object };
          return { ...webhook, payload: { ...webhook.payload, fromMe } };
        }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...eventTypes, ...categories),
        fc.boolean(),
        fc.constantFrom(...measures),
        fc.constantFrom(...webhooks),
        async (name, ownOnly, measure, webhook) => {
          const { send, published } = setUp(`${name}${ownOnly ? '@fromMe' : ''}:${measure}`);
          const answers = [await send(fresh(webhook)), await send(fresh(webhook))];
          const filtered = answers.filter(({ body }) => body.filtered);
          expect(published.length + filtered.length).toBe(2);
          for (const { body } of filtered) {
            const { category } = catalog[body.type as keyof typeof catalog];
            expect([body.type, category]).toContain(name);
          }
          if (!ownOnly) {
            return;
          }
          const { send: sendAll, published: all } = setUp('none');
          await sendAll(fresh(webhook));
          const { meta } = JSON.parse(all[0]?.Detail ?? '') as Envelope;
          if (meta.fromMe !== true) {
            expect(filtered).toEqual([]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
