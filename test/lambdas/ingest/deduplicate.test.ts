import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import type { Envelope } from '../../../events/envelope.ts';
import { exampleWebhook } from '../../../events/example-webhook.ts';
import type { AuthScheme } from '../../../events/keyring/keyring.ts';
import { readKeyring } from '../../../events/keyring/keyring.ts';
import { normalizeWebhook } from '../../../events/normalize.ts';
import { sign } from '../../../events/signature.ts';
import { deduplicate } from '../../../lambdas/ingest/deduplicate.ts';
import { type IngestDependencies, ingestHandler } from '../../../lambdas/ingest/handler.ts';
import type { IngestEvent } from '../../../lambdas/ingest/middleware.ts';
import { SecretCache } from '../../../lambdas/ingest/secret-cache.ts';
import { IdempotencyTable } from '../../../lambdas/runtime/idempotency-table.ts';
import { clientWith, createIdTable, type Fate, itemsOf } from '../in-process-table.ts';

const secret = 'the-signing-secret';
const leaseMs = 25_000;
const retentionMs = 48 * 3_600_000;

let printed: string[] = [];
beforeEach(() => {
  printed = [];
  for (const level of ['info', 'warn', 'error'] as const) {
    jest.spyOn(console, level).mockImplementation(() => {});
  }
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Ingest with a bus that keeps what it is given, a table, and a clock. */
async function start(changes: Partial<IngestDependencies> = {}) {
  const state = { now: 1_780_000_000_000, fate: (): Fate => 'answered' };
  const published: Envelope[] = [];
  const tableName = await createIdTable();
  const deduplicationTable = new IdempotencyTable({
    ...{ client: clientWith(() => state.fate()), tableName, leaseMs, retentionMs },
    now: () => state.now,
  });
  const dependencies: IngestDependencies = {
    busName: 'whatsapp-test',
    authentication: 'hmac',
    maxBodyBytes: 5_000_000,
    keyrings: new SecretCache(async (scheme: AuthScheme) => readKeyring(secret, scheme)),
    putEvents: async (entries: readonly PutEventsRequestEntry[]) => {
      published.push(...entries.map(({ Detail = '' }) => JSON.parse(Detail) as Envelope));
      return entries.map(() => ({ EventId: 'id' }));
    },
    putClaimCheck: () => Promise.reject(new Error('not expected')),
    spill: () => Promise.reject(new Error('not expected')),
    deduplicationTable,
    isDeduplicated: () => true,
    now: () => state.now,
    ...changes,
  };
  const send = async (webhook: unknown) => {
    const handler = ingestHandler(dependencies);
    const body = typeof webhook === 'string' ? webhook : JSON.stringify(webhook);
    const headers = { 'x-webhook-hmac': sign(body, secret) };
    const event = { body, headers, requestContext: {} } as unknown as IngestEvent;
    const { statusCode, headers: answered, body: text = '' } = await handler(event, {} as Context);
    return { status: statusCode, retryAfter: answered?.['retry-after'], body: JSON.parse(text) };
  };
  return { state, published, send, tableName, deduplicationTable, dependencies };
}

const message = exampleWebhook('message', 'waha');
const asAny = { ...message, event: 'message.any' };
const saying = (body: string, webhook: object = message) => ({
  ...webhook,
  payload: { ...(message.payload as object), body },
});
/** A promise and what settles it. */
const gate = () => Promise.withResolvers<void>();

describe('a repeated event', () => {
  test('is answered 200 with the id of the first, and not published again', async () => {
    const { send, published } = await start();
    const first = await send(message);
    const again = await send(message);
    expect(again).toMatchObject({ status: 200, body: { id: first.body.id, duplicate: true } });
    expect(published).toHaveLength(1);
    expect(printed.some((line) => line.includes('"Result":"duplicate"'))).toBe(true);
  });

  test('while the first is being published is answered 503 with Retry-After 1', async () => {
    const open = gate();
    const begun = gate();
    const { send, published } = await start({
      putEvents: async () => {
        begun.resolve();
        await open.promise;
        return [{ EventId: 'id' }];
      },
    });
    const first = send(message);
    await begun.promise;
    expect(await send(message)).toMatchObject({
      status: 503,
      retryAfter: '1',
      body: { error: 'in-progress' },
    });
    open.resolve();
    const { status, body } = await first;
    expect([status, published.length]).toEqual([202, 0]);
    expect(await send(message)).toMatchObject({ status: 200, body: { id: body.id } });
  });

  test('is published with the same id if the first invocation was killed, once its lease has expired', async () => {
    const begun = gate();
    const killing = await start({
      putEvents: () => {
        begun.resolve();
        return new Promise(() => {});
      },
    });
    void killing.send(message);
    await begun.promise;
    const { state, deduplicationTable } = killing;
    const { send, published } = await start({ deduplicationTable });
    state.now += leaseMs - 1;
    expect((await send(message)).status).toBe(503);
    state.now += 1;
    expect((await send(message)).status).toBe(202);
    expect(published).toMatchObject([{ meta: { type: 'message' } }]);
    expect(published[0]?.meta).not.toHaveProperty('duplicateOf');
  });

  test('is published at once if neither the bus nor the spill queue accepted the first', async () => {
    const failing = await start({
      putEvents: async () => [{ ErrorCode: 'AccessDeniedException' }],
      spill: () => Promise.reject(new Error('down')),
    });
    expect(await failing.send(message)).toMatchObject({ status: 503, retryAfter: '5' });
    const { send, published } = await start({ deduplicationTable: failing.deduplicationTable });
    expect((await send(message)).status).toBe(202);
    expect(published).toHaveLength(1);
  });

  test('is new after the longest retry time of a sender', async () => {
    const { send, state } = await start();
    await send(message);
    state.now += 44 * 3_600_000;
    expect((await send(message)).status).toBe(200);
    state.now += 5 * 3_600_000;
    expect((await send(message)).status).toBe(202);
  });

  test('is published if deduplication is off', async () => {
    const { send, published } = await start({ isDeduplicated: (type) => type === 'message.ack' });
    expect([(await send(message)).status, (await send(message)).status]).toEqual([202, 202]);
    expect(published).toHaveLength(2);
  });

  test('in one list body is published once, and marked as duplicate in the response', async () => {
    const { send, published } = await start();
    const { status, body } = await send([message, message, asAny]);
    expect(status).toBe(202);
    expect(body.events[1]).toMatchObject({ id: body.events[0].id, duplicate: true });
    expect(published.map(({ meta }) => meta.type).sort()).toEqual(['message', 'message.any']);
    expect(published.filter(({ meta }) => meta.duplicateOf)).toHaveLength(1);
  });
});

describe('one fact as two event types', () => {
  test.each([
    [message, asAny],
    [asAny, message],
  ])(
    'becomes one event without duplicateOf and one with it, in either order',
    async (one, other) => {
      const { send, published } = await start();
      const first = await send(one);
      const second = await send(other);
      expect([first.status, second.status]).toEqual([202, 200]);
      expect(second.body.id).toBe(first.body.id);
      expect(published[1]?.meta).toMatchObject({ id: first.body.id, duplicateOf: one.event });
      for (const again of [one, other]) {
        expect((await send(again)).status).toBe(200);
      }
      expect(published).toHaveLength(2);
    },
  );

  test('has one event without duplicateOf also if both, and their retries, arrive at the same moment', async () => {
    for (let pair = 0; pair < 30; pair++) {
      const { send, published } = await start();
      const answers = await Promise.all([message, asAny, message, asAny].map(send));
      expect(answers.filter(({ status }) => status !== 503)).toHaveLength(2);
      expect(published.map(({ meta }) => meta.duplicateOf ?? 'plain').sort()).toEqual([
        published.find(({ meta }) => !meta.duplicateOf)?.meta.type,
        'plain',
      ]);
    }
  });

  test('is published without duplicateOf by a retry of the first type, even if the second arrived in between', async () => {
    const failing = await start({
      putEvents: async () => [{ ErrorCode: 'AccessDeniedException' }],
      spill: () => Promise.reject(new Error('down')),
    });
    await failing.send(message);
    const { send, published } = await start({ deduplicationTable: failing.deduplicationTable });
    await send(asAny);
    await send(message);
    const marks = published.map(({ meta }) => [meta.type, meta.duplicateOf]);
    expect(marks).toEqual([
      ['message.any', 'message'],
      ['message', undefined],
    ]);
  });
});

describe('other content with the same key', () => {
  test('is published with `conflict`, and its retries are answered 200', async () => {
    const { send, published } = await start();
    const first = await send(saying('queued'));
    expect((await send(saying('completed'))).status).toBe(202);
    expect(published[1]?.meta).toMatchObject({ id: first.body.id, conflict: true });
    expect((await send(saying('completed'))).status).toBe(200);
    expect((await send(saying('queued'))).status).toBe(200);
    expect(published).toHaveLength(2);
  });

  test('as another event type is a duplicate of the type with the same content', async () => {
    const { send, published } = await start();
    await send(saying('queued'));
    await send(saying('completed', asAny));
    await send(saying('completed'));
    expect(published.map(({ meta }) => [meta.conflict, meta.duplicateOf])).toEqual([
      [undefined, undefined],
      [true, undefined],
      [undefined, 'message.any'],
    ]);
  });
});

describe('a key with parties', () => {
  const [first] = normalizeWebhook(JSON.stringify(message), {
    receivedAt: new Date(0),
    requestId: 'r',
  }).events;
  const reportOf = (party: object, id: string) => ({
    envelope: { ...first, meta: { ...first?.meta, id } } as Envelope,
    key: { base: 'message:one', parties: [party] },
  });
  const byPhone = reportOf({ phone: 'p' }, 'message:p');
  const byLid = reportOf({ lid: 'l' }, 'message:l');
  const another = reportOf({ phone: 'q' }, 'message:q');

  /** Checks and completes reports one after the other. */
  async function resultsOf(reports: readonly (typeof byPhone)[]) {
    const { dependencies, deduplicationTable } = await start();
    const results = [];
    for (const report of reports) {
      const [checked] = await deduplicate([report], dependencies);
      if (checked?.holding) {
        await deduplicationTable.complete(checked.holding);
      }
      results.push(`${checked?.result} ${checked && 'id' in checked ? checked.id : ''}`);
    }
    return results;
  }

  test('is one fact by phone number and by LID, with the id of the first', async () => {
    expect(await resultsOf([byPhone, byLid, byLid, byPhone])).toEqual([
      'new message:p',
      'duplicate message:p',
      'duplicate message:p',
      'duplicate message:p',
    ]);
  });

  test('is two facts of two people, even after a copy that could be from either', async () => {
    expect(await resultsOf([byPhone, another, byPhone, another])).toEqual([
      'new message:p',
      'new message:q',
      'duplicate message:p',
      'duplicate message:q',
    ]);
    expect(await resultsOf([byLid, byPhone, another, another])).toEqual([
      'new message:l',
      'duplicate message:l',
      'new message:q',
      'duplicate message:q',
    ]);
  });

  test('whose first copy was never published is published by the other, with the first id', async () => {
    const { dependencies, deduplicationTable, state } = await start();
    await deduplicate([byPhone], dependencies);
    expect(await deduplicate([byLid], dependencies)).toMatchObject([{ result: 'in-progress' }]);
    state.now += leaseMs;
    const [taken] = await deduplicate([byLid], dependencies);
    expect(taken).toMatchObject({ result: 'new', id: 'message:p' });
    expect(await deduplicate([byPhone], dependencies)).toMatchObject([{ result: 'in-progress' }]);
    if (taken?.holding) {
      await deduplicationTable.complete(taken.holding);
    }
    expect(await deduplicate([byPhone], dependencies)).toMatchObject([
      { result: 'duplicate', id: 'message:p' },
    ]);
  });
});

describe('if the deduplication table', () => {
  test('is down, events are published and marked', async () => {
    const { send, published, state } = await start();
    await send(message);
    state.fate = () => 'not-written';
    expect((await send(message)).status).toBe(202);
    expect(published[1]?.meta).toMatchObject({ deduplication: 'unavailable' });
  });

  test('responds only after the call was given up, the event is published once, and marked', async () => {
    const { send, published, state } = await start();
    state.fate = () => 'answer-lost';
    expect((await send(message)).status).toBe(202);
    state.fate = () => 'answered';
    expect((await send(message)).status).toBe(200);
    expect(published.map(({ meta }) => meta.deduplication)).toEqual(['unavailable']);
  });

  test('does not accept the completion, the sender gets 202, and a retry after the lease has the same id', async () => {
    const { send, published, state } = await start();
    let calls = 0;
    state.fate = () => (++calls === 1 ? 'answered' : 'not-written');
    expect((await send(message)).status).toBe(202);
    expect(printed.some((line) => line.includes('NotRecorded'))).toBe(true);
    state.fate = () => 'answered';
    expect((await send(message)).status).toBe(503);
    state.now += leaseMs;
    expect((await send(message)).status).toBe(202);
    expect(new Set(published.map(({ meta }) => meta.id)).size).toBe(1);
  });

  test('loses responses and the SDK retries, no event is doubled or lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(message, asAny), { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.boolean()),
        async (webhooks, losses) => {
          const { send, published, state } = await start();
          state.fate = () => (losses.next().value ? 'sent-again' : 'answered');
          for (const webhook of webhooks) {
            await send(webhook);
          }
          const types = new Set(webhooks.map(({ event }) => event));
          expect(published).toHaveLength(types.size);
          expect(published.filter(({ meta }) => !meta.duplicateOf)).toHaveLength(1);
        },
      ),
      { numRuns: 40 },
    );
  });
});

test('a function that is killed before any step loses no event, and doubles events only with the same id', async () => {
  // Steps: acquire, publish, complete; each is killed before it begins, and after its effect.
  for (const step of ['acquire', 'publish', 'complete']) {
    for (const when of ['before', 'after']) {
      const { state, published, dependencies, deduplicationTable, tableName } = await start();
      const dies = gate();
      const die = async () => {
        dies.resolve();
        await new Promise(() => {});
      };
      let calls = 0;
      const live = clientWith()();
      const dying = new IdempotencyTable({
        client: () =>
          ({
            send: async (command: never) => {
              const isHere = step === ['acquire', 'complete'][calls++];
              if (isHere && when === 'before') {
                await die();
              }
              const answer = await live.send(command);
              if (isHere) {
                await die();
              }
              return answer;
            },
          }) as never,
        ...{ tableName, leaseMs, retentionMs, now: () => state.now },
      });
      const { putEvents } = dependencies;
      const one = await start({
        deduplicationTable: dying,
        putEvents: async (entries) => {
          if (step === 'publish' && when === 'before') {
            await die();
          }
          const answer = await putEvents(entries);
          if (step === 'publish') {
            await die();
          }
          return answer;
        },
      });
      void one.send(message);
      await dies.promise;
      const other = await start({ deduplicationTable, putEvents });
      let { status } = await other.send(message);
      if (status === 503) {
        state.now += leaseMs;
        ({ status } = await other.send(message));
      }
      expect([step, when, [200, 202].includes(status ?? 0)]).toEqual([step, when, true]);
      const isCompleted = step === 'complete' && when === 'after';
      const times = step === 'complete' || (step === 'publish' && when === 'after') ? 2 : 1;
      expect([step, when, published.length]).toEqual([step, when, isCompleted ? 1 : times]);
      expect(new Set(published.map(({ meta }) => meta.id)).size).toBe(1);
    }
  }
});

test('an event costs two writes, a duplicate one, and records of two types fit in one write unit', async () => {
  let writes = 0;
  const { send, state, tableName } = await start();
  state.fate = () => {
    writes++;
    return 'answered';
  };
  await send(message);
  expect(writes).toBe(2);
  await send(message);
  expect(writes).toBe(3);
  await send(asAny);
  const [item] = await itemsOf(tableName);
  // JSON with types is longer than what DynamoDB counts.
  expect(JSON.stringify(item).length).toBeLessThan(1_024);
});
