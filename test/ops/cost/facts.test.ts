import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Context, SQSEvent } from 'aws-lambda';
import { type AuthScheme, readKeyring } from '../../../events/keyring/keyring.ts';
import { normalizeWebhook } from '../../../events/normalize.ts';
import { sign } from '../../../events/signature.ts';
import { ingestHandler } from '../../../lambdas/ingest/handler.ts';
import { Identities } from '../../../lambdas/ingest/identities.ts';
import { IdentityTable } from '../../../lambdas/ingest/identity-table.ts';
import type { IngestEvent } from '../../../lambdas/ingest/middleware.ts';
import { SecretCache } from '../../../lambdas/ingest/secret-cache.ts';
import { consume } from '../../../lambdas/runtime/consume.ts';
import { count } from '../../../lambdas/runtime/count.ts';
import { IdempotencyTable } from '../../../lambdas/runtime/idempotency-table.ts';
import { logHandled } from '../../../lambdas/runtime/log.ts';
import { Once } from '../../../lambdas/runtime/once.ts';
import { facts } from '../../../ops/cost/numbers.ts';
import { freshWebhook } from '../../../ops/send-webhook.ts';
import { wahaBody } from '../../events/webhook.ts';
import {
  type Command,
  call,
  createIdentitiesTable,
  createIdTable,
} from '../../lambdas/in-process-table.ts';
import { keptTemplate } from '../../lib/kept-template.ts';

/** What CloudWatch Logs adds to each event (CloudWatch Logs API reference, PutLogEvents). */
const perEvent = 26;

/** What Lambda's JSON log format puts around an object that is logged. */
const inJsonFormat = (message: unknown) =>
  JSON.stringify({
    timestamp: '2026-11-22T16:00:00.000Z',
    level: 'INFO',
    requestId: 'f9b1ecf3-8f31-4c0e-9a54-2f2f2b5b2b5b',
    message,
  });

let lines: string[] = [];
let counts: string[] = [];
beforeEach(() => {
  [lines, counts] = [[], []];
  jest.spyOn(console, 'info').mockImplementation((line) => {
    lines.push(inJsonFormat(line));
  });
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    counts.push(String(text));
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

const bytesOf = (texts: readonly string[]) =>
  texts.reduce((sum, text) => sum + Buffer.byteLength(text) + perEvent, 0);

/** The fact is not below what is written, and not far above it. */
function expectFact(name: keyof typeof facts, bytes: number): void {
  const { value } = facts[name];
  expect([name, value >= bytes && value <= bytes * 1.7, bytes]).toEqual([name, true, bytes]);
}

/** A new table, and the write units that it was asked for. */
async function countedTable() {
  const counted = { units: 0 };
  const client = {
    send: async (command: Command) => {
      const input = { ...command.input, ReturnConsumedCapacity: 'TOTAL' };
      const answer = await call({ constructor: command.constructor, input });
      const { CapacityUnits } = answer.ConsumedCapacity as { readonly CapacityUnits: number };
      counted.units += CapacityUnits;
      return answer;
    },
  } as unknown as DynamoDBClient;
  const table = new IdempotencyTable({
    client: () => client,
    ...{ tableName: await createIdTable(), leaseMs: 25_000, retentionMs: 48 * 3_600_000 },
  });
  return { table, counted };
}

test('the log lines and the write units of deduplication of an event are those of the cost model', async () => {
  const published: PutEventsRequestEntry[] = [];
  const { table, counted } = await countedTable();
  const ingest = ingestHandler({
    busName: 'whatsapp-dev',
    authentication: 'hmac',
    maxBodyBytes: 5_000_000,
    keyrings: new SecretCache(async (scheme: AuthScheme) => readKeyring('secret', scheme)),
    putEvents: async (entries) => {
      published.push(...entries);
      return entries.map(() => ({ EventId: 'id' }));
    },
    putClaimCheck: () => Promise.reject(new Error('not expected')),
    spill: () => Promise.reject(new Error('not expected')),
    deduplicationTable: table,
    isDeduplicated: () => true,
  });
  const body = JSON.stringify(freshWebhook('message', 'waha'));
  const headers = {
    'x-webhook-hmac': sign(body, 'secret'),
    'x-webhook-request-id': '0123456789abcdef0123456789abcdef',
  };
  await ingest({ body, headers, requestContext: {} } as unknown as IngestEvent, {} as Context);
  expect(counted.units).toBe(facts.deduplicationWrites.value);
  expect(lines).toEqual([]);
  expectFact('acceptedLogBytes', bytesOf(counts));
  counts = [];
  count('Filtered', 1, {}, { Type: 'presence.update', Measure: 'debounce/30' });
  expectFact('filteredLogBytes', bytesOf(counts));
  counts = [];

  const event = {
    source: 'whatsapp',
    'detail-type': 'message',
    detail: JSON.parse(published[0]?.Detail ?? ''),
  };
  const record = {
    messageId: 'id',
    body: JSON.stringify(event),
    attributes: { ApproximateReceiveCount: '1' },
  };
  const handled = async (events: number): Promise<number> => {
    [lines, counts] = [[], []];
    const Records = Array.from({ length: events }, () => record);
    await consume(logHandled)({ Records } as unknown as SQSEvent);
    return bytesOf([...lines, ...counts]);
  };
  const [one, ten] = [await handled(1), await handled(10)];
  const each = (ten - one) / 9;
  expectFact('handledLogBytes', each);
  expectFact('batchLogBytes', one - each);
});

test('the read units of identities are those of an event by LID alone, for an instance with an empty cache', async () => {
  const counted = { units: 0 };
  const client = {
    send: async (command: Command) => {
      const { RequestItems } = command.input as {
        readonly RequestItems: Readonly<Record<string, { readonly Keys?: readonly unknown[] }>>;
      };
      // An eventually consistent read of an item of up to 4 KB is half a unit, also where there is none.
      for (const { Keys = [] } of Object.values(RequestItems)) {
        counted.units += Keys.length / 2;
      }
      return call(command);
    },
  } as unknown as DynamoDBClient;
  const tableName = await createIdentitiesTable();
  const handle = async (body: object) => {
    const identities = new Identities(new IdentityTable(() => client, tableName));
    const context = { receivedAt: new Date(), requestId: 'r' };
    const lookup = identities.lookUp(normalizeWebhook(JSON.stringify(body), context).events);
    await lookup.complete(Promise.resolve());
    await lookup.learn();
  };
  const lid = '206158430200142@lid';
  const callerPn = '12025550142@s.whatsapp.net';
  await handle(wahaBody('call.received', { id: 'CALL', from: lid, _data: { callerPn } }));
  counted.units = 0;
  await handle(wahaBody('presence.update', { id: lid, presences: [{ participant: lid }] }));
  expect(counted.units).toBe(facts.identityReads.value);
});

test('a line of the access log is as long as the cost model assumes', async () => {
  const { Resources } = (await keptTemplate()) as {
    Resources: Record<string, { Properties?: { AccessLogSettings?: { Format: string } } }>;
  };
  const formats = Object.values(Resources).flatMap(
    ({ Properties }) => Properties?.AccessLogSettings?.Format ?? [],
  );
  expect(formats).toHaveLength(1);
  const values: Record<string, string> = {
    requestId: 'X1nPqhZ5oAMEPkw=',
    'identity.sourceIp': '203.0.113.255',
    status: '202',
    routeKey: 'POST /webhooks',
    dataProcessed: '2048',
    responseLatency: '125',
    integrationErrorMessage: '-',
    'integration.status': '202',
  };
  const line = (formats[0] ?? '').replace(/\$context\.([\w.]+)/g, (_, name) => {
    expect(Object.keys(values)).toContain(name);
    return values[name] ?? '';
  });
  expectFact('accessLogBytes', bytesOf([line]));
});

test('an idempotent consumer writes as often for an event as the cost model says', async () => {
  const { table, counted } = await countedTable();
  const once = new Once(table, 'orders');
  await once.run({ id: 'id', fingerprint: 'f', isRedriven: false }, async () => {});
  expect(counted.units).toBe(facts.idempotencyWrites.value);
});
