import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import type { Envelope } from '../../../events/envelope.ts';
import { readFilterRules } from '../../../events/filters/read-filter-rules.ts';
import type { IdentityItem } from '../../../events/identity/identity-item.ts';
import { maxPairs } from '../../../events/identity/learn.ts';
import { type AuthScheme, readKeyring } from '../../../events/keyring/keyring.ts';
import { normalizeWebhook } from '../../../events/normalize.ts';
import { sign } from '../../../events/signature.ts';
import { EventFilter } from '../../../lambdas/ingest/filter.ts';
import { ingestHandler } from '../../../lambdas/ingest/handler.ts';
import { Identities } from '../../../lambdas/ingest/identities.ts';
import { IdentityTable } from '../../../lambdas/ingest/identity-table.ts';
import type { IngestEvent } from '../../../lambdas/ingest/middleware.ts';
import { SecretCache } from '../../../lambdas/ingest/secret-cache.ts';
import { wahaBody } from '../../events/webhook.ts';
import { type Command, call, createIdentitiesTable, itemsOf } from '../in-process-table.ts';

let warned: string[] = [];
beforeEach(() => {
  warned = [];
  jest.spyOn(console, 'warn').mockImplementation((...parts: unknown[]) => {
    warned.push(parts.map((part) => JSON.stringify(part)).join(' '));
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

const start = Date.UTC(2026, 1, 1);
const day = 86_400_000;

/** A table that counts its calls, with instances of ingest on it that share a clock. */
async function setUp() {
  const tableName = await createIdentitiesTable();
  const state = {
    now: start,
    calls: [] as string[],
    answers: async (command: Command): Promise<unknown> => call(command),
  };
  const client = {
    send: (command: Command) => {
      state.calls.push(command.constructor.name.replace('Command', ''));
      return state.answers(command);
    },
  } as unknown as DynamoDBClient;
  const instance = () => {
    const identities = new Identities(new IdentityTable(() => client, tableName), () => state.now);
    return async (webhook: object): Promise<Envelope> => {
      const { events } = normalizeWebhook(JSON.stringify(webhook), {
        receivedAt: new Date(state.now),
        requestId: 'request',
      });
      const lookup = identities.lookUp(events);
      const [event] = await lookup.complete(Promise.resolve());
      await lookup.learn();
      return event as Envelope;
    };
  };
  const items = async () =>
    (await itemsOf(tableName)).map((item) => unmarshall(item) as IdentityItem);
  return { state, instance, items, tableName, client };
}

/** An account whose own LID is not known, so that it is no pair. */
const me = { id: '447700900100@c.us' };
const lid = '206158430200142@lid';
const [first, second] = ['+12025550142', '+12025550143'];

/** A webhook that names both addresses of a person. */
const naming = (phone: string, fields: { readonly at?: number; readonly lid?: string } = {}) => {
  const { at, lid: named = lid } = fields;
  const payload = { id: 'CALL', from: named, timestamp: at && at / 1000 };
  const _data = { callerPn: `${phone.slice(1)}@s.whatsapp.net` };
  return wahaBody('call.received', { ...payload, _data }, { me, timestamp: at ?? start });
};

/** A webhook that names one address alone. */
const typing = (...ids: readonly string[]) => ({
  ...wahaBody(
    'presence.update',
    { id: ids[0], presences: ids.map((participant) => ({ participant })) },
    { me },
  ),
  // It happened when it was received.
  timestamp: undefined,
});

const chatOf = ({ meta }: Envelope) => meta.chat;

describe('calls to the table of identities', () => {
  test('are none for a webhook with nothing to complete and nothing to learn', async () => {
    const { state, instance } = await setUp();
    await instance()(wahaBody('session.status', { status: 'WORKING' }, { me }));
    await instance()(typing('120363020000000042@g.us'));
    expect(state.calls).toEqual([]);
  });

  test('are one read and one write for a new pair, and none when it is repeated', async () => {
    const { state, instance } = await setUp();
    const send = instance();
    await send(naming(first));
    expect(state.calls).toEqual(['BatchGetItem', 'BatchWriteItem']);
    await send(naming(first));
    expect(state.calls).toHaveLength(2);
  });

  test('are one read and no write in an instance that has not seen the pair', async () => {
    const { state, instance } = await setUp();
    await instance()(naming(first));
    state.calls = [];
    await instance()(naming(first));
    expect(state.calls).toEqual(['BatchGetItem']);
  });

  test('are one for an event with missing addresses, however many people it contains', async () => {
    const { state, instance } = await setUp();
    await instance()(naming(first));
    state.calls = [];
    const send = instance();
    const others = Array.from({ length: 60 }, (_, index) => `30000${index}@lid`);
    expect(chatOf(await send(typing(lid, ...others)))).toBe('12025550142@c.us');
    expect(state.calls).toEqual(['BatchGetItem']);
    await send(typing(lid));
    expect(state.calls).toHaveLength(1);
  });

  test('are repeated for unknown pairs, so that pairs of other instances are found', async () => {
    const { instance } = await setUp();
    const [one, other] = [instance(), instance()];
    expect(chatOf(await one(typing(lid)))).toBe(lid);
    await other(naming(first));
    expect(chatOf(await one(typing(lid)))).toBe('12025550142@c.us');
  });

  test('are limited for a list of more people than a group has', async () => {
    const { state, instance, items } = await setUp();
    const data = Array.from({ length: maxPairs + 100 }, (_, index) => ({
      ...{ id: `${index + 1}@lid`, pn: `1202555${1000 + index}@c.us` },
    }));
    await instance()(wahaBody('engine.event', { event: 'contacts.upsert', data }, { me }));
    expect(await items()).toHaveLength(2 * maxPairs);
    expect(state.calls).toHaveLength(
      Math.ceil((2 * maxPairs) / 100) + Math.ceil((2 * maxPairs) / 25),
    );
  });
});

describe('a pair', () => {
  test('has when it was first and last seen, its account, and when it expires', async () => {
    const { instance, items } = await setUp();
    await instance()(naming(first));
    const at = new Date(start).toISOString();
    const item = {
      ...{ session: 'default', account: '+447700900100', since: at, seenAt: at },
      expiresAt: start / 1000 + 180 * 86_400,
    };
    expect(await items()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...item, address: lid, other: first }),
        expect.objectContaining({ ...item, address: first, other: lid }),
      ]),
    );
  });

  test('is written again when it is seen or used after a week, so that it does not expire', async () => {
    const { state, instance, items } = await setUp();
    await instance()(naming(first));
    for (const [days, webhook] of [
      [8, naming(first, { at: start + 8 * day })],
      [16, typing(lid)],
    ] as const) {
      state.now = start + days * day;
      await instance()(webhook);
    }
    for (const item of await items()) {
      expect(item.since).toBe(new Date(start).toISOString());
      expect(item.expiresAt).toBe(state.now / 1000 + 180 * 86_400);
    }
  });

  test('is ignored once it has expired, even if DynamoDB has not removed it yet', async () => {
    const { state, instance } = await setUp();
    await instance()(naming(first));
    state.now = start + 181 * day;
    expect(chatOf(await instance()(typing(lid)))).toBe(lid);
  });

  test('is replaced by a newer one, and the old number is removed', async () => {
    const { state, instance, items } = await setUp();
    const send = instance();
    await send(naming(first));
    state.now += 60_000;
    await send(naming(second, { at: state.now }));
    expect(chatOf(await send(typing(lid)))).toBe('12025550143@c.us');
    expect((await items()).map(({ address, other }) => [address, other]).sort()).toEqual([
      [second, lid],
      [lid, second],
    ]);
    expect((await send(typing('12025550142@c.us'))).data).not.toHaveProperty('chat.lid');
  });

  test('is kept if an older event with another pair arrives late', async () => {
    const { state, instance } = await setUp();
    state.now = start + day;
    await instance()(naming(second, { at: state.now }));
    await instance()(naming(first, { at: start }));
    expect(chatOf(await instance()(typing(lid)))).toBe('12025550143@c.us');
  });

  test('changes if somebody else has the number now', async () => {
    const { state, instance, items } = await setUp();
    await instance()(naming(first));
    state.now += 60_000;
    await instance()(naming(first, { at: state.now, lid: '99@lid' }));
    expect((await items()).map(({ address, other }) => [address, other]).sort()).toEqual([
      [first, '99@lid'],
      ['99@lid', first],
    ]);
  });

  test('that was deleted is used for at most five minutes, and not written again by its use', async () => {
    const { state, instance, items } = await setUp();
    const send = instance();
    await send(naming(first));
    expect(await items()).toHaveLength(2);
    state.answers = async (command) =>
      command.constructor.name === 'BatchGetItemCommand' ? { Responses: {} } : call(command);
    state.now += 4 * 60_000;
    expect(chatOf(await send(typing(lid)))).toBe('12025550142@c.us');
    state.now += 60_000;
    state.calls = [];
    expect(chatOf(await send(typing(lid)))).toBe(lid);
    expect(state.calls).toEqual(['BatchGetItem']);
  });
});

describe('the table of identities', () => {
  const silent = () => new Promise<never>(() => {});
  const down = () => Promise.reject(new Error('DynamoDB is down'));
  const throttled = async ({ input }: Command) => ({
    UnprocessedKeys: (input as { readonly RequestItems: object }).RequestItems,
  });

  test.each<[what: string, answers: (command: Command) => Promise<unknown>]>([
    ['that is down', down],
    ['that does not answer', silent],
    ['that throttles', throttled],
  ])('%s only leaves addresses incomplete, and the event is marked', async (_, answers) => {
    const { state, instance } = await setUp();
    const send = instance();
    state.answers = answers;
    const event = await send(typing(lid));
    expect(event.meta).toMatchObject({ chat: lid, identities: 'unavailable' });
    expect(warned.join()).not.toContain('2061584');
    state.answers = call;
    expect((await send(typing(lid))).meta).not.toHaveProperty('identities');
  });

  test('that is down does not affect an event with both addresses, which is learned later', async () => {
    const { state, instance } = await setUp();
    const send = instance();
    state.answers = down;
    const event = await send(naming(first));
    expect(event.meta).toMatchObject({ chat: '12025550142@c.us' });
    expect(event.meta).not.toHaveProperty('identities');
    state.answers = call;
    await send(naming(first));
    expect(chatOf(await instance()(typing(lid)))).toBe('12025550142@c.us');
  });

  test('that returns unprocessed writes gets them again', async () => {
    const { state, instance, items } = await setUp();
    let refused = 0;
    state.answers = async (command) => {
      if (command.constructor.name === 'BatchWriteItemCommand' && refused++ === 0) {
        const { RequestItems } = command.input as { readonly RequestItems: object };
        return { UnprocessedItems: RequestItems };
      }
      return call(command);
    };
    await instance()(naming(first));
    expect(await items()).toHaveLength(2);
  });
});

test('filter rules and the id of an event do not depend on known pairs', async () => {
  const { state, tableName, client } = await setUp();
  const published: Envelope[] = [];
  const handler = ingestHandler({
    busName: 'whatsapp-test',
    authentication: 'hmac',
    maxBodyBytes: 5_000_000,
    keyrings: new SecretCache(async (scheme: AuthScheme) => readKeyring('secret', scheme)),
    putEvents: async (entries) => {
      published.push(...entries.map(({ Detail = '' }) => JSON.parse(Detail) as Envelope));
      return entries.map(() => ({ EventId: 'id' }));
    },
    putClaimCheck: () => Promise.reject(new Error('not expected')),
    spill: () => Promise.reject(new Error('not expected')),
    isDeduplicated: () => false,
    filters: new EventFilter(readFilterRules('presence:debounce/60'), () => state.now),
    identities: new Identities(new IdentityTable(() => client, tableName), () => state.now),
    now: () => state.now,
  });
  const send = async (webhook: object) => {
    const body = JSON.stringify(webhook);
    const headers = { 'x-webhook-hmac': sign(body, 'secret') };
    const answer = await handler(
      { body, headers, requestContext: {} } as unknown as IngestEvent,
      {} as Context,
    );
    return JSON.parse(answer.body ?? '') as { readonly filtered?: string };
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  await send(typing(lid));
  await send(naming(first));
  expect(await send(typing(lid))).toMatchObject({ filtered: 'debounce' });
  state.now += 60_000;
  await send(typing(lid));
  expect(await send(typing(lid))).toMatchObject({ filtered: 'debounce' });
  expect(published.map(chatOf)).toEqual([lid, '12025550142@c.us', '12025550142@c.us']);
});

test('LIDs and phone numbers refer to each other, in any order of events and instances', async () => {
  const step = fc.record({
    at: fc.integer({ min: 0, max: 20 }),
    lid: fc.constantFrom('1@lid', '2@lid', '3@lid'),
    phone: fc.constantFrom('+12025550101', '+12025550102', '+12025550103'),
    instance: fc.nat(2),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { state, instance, items } = await setUp();
      const instances = [instance(), instance(), instance()];
      for (const { at, lid, phone, instance } of steps) {
        state.now += 1_000;
        await instances[instance]?.(naming(phone, { lid, at: start + at * 600_000 }));
      }
      const all = await items();
      for (const { address, other, scope } of all) {
        expect(all).toContainEqual(
          expect.objectContaining({ address: other, other: address, scope }),
        );
      }
    }),
    { numRuns: 60 },
  );
});
