import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Context, SQSEvent } from 'aws-lambda';
import { assumptions } from '../../../cli/cost/assumptions.ts';
import { freshWebhook } from '../../../cli/fresh-webhook.ts';
import type { Way } from '../../../events/keyring/keyring.ts';
import { readKeyring } from '../../../events/keyring/read-keyring.ts';
import { sign } from '../../../events/signature.ts';
import { ingestHandler } from '../../../lambdas/ingest/handler.ts';
import type { IngestEvent } from '../../../lambdas/ingest/middleware.ts';
import { SecretCache } from '../../../lambdas/ingest/secret-cache.ts';
import { consume } from '../../../lambdas/runtime/consume.ts';
import { count } from '../../../lambdas/runtime/count.ts';
import { logHandled } from '../../../lambdas/runtime/log.ts';
import { templateOf } from '../../../lib/template-of.ts';

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

/** The assumption is not below what is written, and not far above it. */
function expectAssumed(name: keyof typeof assumptions, bytes: number): void {
  const { value } = assumptions[name];
  expect([name, value >= bytes && value <= bytes * 1.7, bytes]).toEqual([name, true, bytes]);
}

test('the log lines of an event are as long as the cost model assumes', async () => {
  const published: PutEventsRequestEntry[] = [];
  const ingest = ingestHandler({
    busName: 'whatsapp-dev',
    authentication: 'hmac',
    maxBodyBytes: 5_000_000,
    keyrings: new SecretCache(async (way: Way) => readKeyring('secret', way)),
    putEvents: async (entries) => {
      published.push(...entries);
      return entries.map(() => ({ EventId: 'id' }));
    },
    putClaimCheck: () => Promise.reject(new Error('not expected')),
    spill: () => Promise.reject(new Error('not expected')),
    isDeduplicated: () => false,
  });
  const body = JSON.stringify(freshWebhook('message', 'waha'));
  const headers = {
    'x-webhook-hmac': sign(body, 'secret'),
    'x-webhook-request-id': '0123456789abcdef0123456789abcdef',
  };
  await ingest({ body, headers, requestContext: {} } as unknown as IngestEvent, {} as Context);
  expect(lines).toEqual([]);
  expectAssumed('acceptedLogBytes', bytesOf(counts));
  counts = [];
  count('LeftOut', 1, {}, { Type: 'presence.update', Measure: 'coalesce/30' });
  expectAssumed('countLogBytes', bytesOf(counts));
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
  expectAssumed('handledLogBytes', each);
  expectAssumed('latencyLogBytes', one - each);
});

test('a line of the access log is as long as the cost model assumes', () => {
  const { Resources } = templateOf() as {
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
    requestLength: '2048',
    responseLatency: '125',
    integrationErrorMessage: '-',
  };
  const line = (formats[0] ?? '').replace(/\$context\.([\w.]+)/g, (_, name) => {
    expect(Object.keys(values)).toContain(name);
    return values[name] ?? '';
  });
  expectAssumed('accessLogBytes', bytesOf([line]));
});
