import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Context, SQSEvent } from 'aws-lambda';
import { exampleWebhook } from '../../../events/example-webhook.ts';
import { readKeyring } from '../../../events/keyring/keyring.ts';
import { metricNamespace } from '../../../events/names.ts';
import { sign } from '../../../events/signature.ts';
import { ingestHandler } from '../../../lambdas/ingest/handler.ts';
import type { IngestEvent } from '../../../lambdas/ingest/middleware.ts';
import { SecretCache } from '../../../lambdas/ingest/secret-cache.ts';
import { republish } from '../../../lambdas/republish/republish-batch.ts';
import { consume } from '../../../lambdas/runtime/consume.ts';
import type { IdempotencyTable } from '../../../lambdas/runtime/idempotency-table.ts';
import { countFailedEvents, countSessions } from '../../../lambdas/watch/counts.ts';
import { keptTemplate } from '../../lib/kept-template.ts';

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/**
 * Whether Lambda sends a line of a function to CloudWatch Logs: one without a valid level, or without a
 * valid timestamp, counts as INFO (Lambda Developer Guide, "Log-level filtering").
 */
function passes(line: Readonly<Record<string, unknown>>, filter: string): boolean {
  const given = String(line.level).toUpperCase();
  const isValid = levels.includes(given) && !Number.isNaN(Date.parse(String(line.timestamp)));
  return levels.indexOf(isValid ? given : 'INFO') >= levels.indexOf(filter);
}

/** The metrics that CloudWatch reads from a line in embedded metric format, with their dimensions. */
function metricsOf(line: Readonly<Record<string, unknown>>): string[] {
  const { CloudWatchMetrics = [] } = (line._aws ?? {}) as {
    readonly CloudWatchMetrics?: readonly {
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  return CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
    Metrics.map(
      ({ Name }) => `${Name} ${Dimensions.flat().map((each) => `${each}=${line[each]}`)}`,
    ),
  );
}

afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.AWS_LAMBDA_LOG_LEVEL;
  delete process.env.CONSUMER;
  delete process.env.STAGE;
});

interface AlarmProperties {
  readonly Namespace?: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

/** What every function writes when it works, when it is refused and when it fails. */
async function linesAt(filter: string): Promise<readonly Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = [];
  process.env.AWS_LAMBDA_LOG_LEVEL = filter;
  process.env.CONSUMER = 'orders';
  // Lambda's JSON format puts what is given to the console beside a timestamp and the method's level.
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    jest.spyOn(console, level).mockImplementation((message) => {
      lines.push({ timestamp: new Date().toISOString(), level: level.toUpperCase(), message });
    });
  }
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(JSON.parse(String(text)));
    return true;
  });
  const body = JSON.stringify(exampleWebhook('message', 'waha'));
  const ingest = (isBusUp: boolean, isSpillUp: boolean) =>
    ingestHandler({
      busName: 'whatsapp-test',
      authentication: 'hmac',
      maxBodyBytes: 5_000_000,
      keyrings: new SecretCache(async (scheme) => readKeyring('the-signing-secret', scheme)),
      putEvents: async (entries) =>
        entries.map(() => (isBusUp ? { EventId: 'id' } : { ErrorCode: 'AccessDenied' })),
      putClaimCheck: async (key) => ({ claimCheck: { bucket: 'bucket', key, bytes: 1 } }),
      spill: async () => {
        if (!isSpillUp) {
          throw new Error('down');
        }
      },
      isDeduplicated: () => true,
      deduplicationTable: {
        acquire: async () => {
          throw new Error('down');
        },
      } as unknown as IdempotencyTable,
    });
  const request = (signature: string) =>
    ({
      headers: { 'x-webhook-hmac': signature },
      requestContext: { requestId: 'r', http: { sourceIp: '127.0.0.1' } },
      body,
      isBase64Encoded: false,
    }) as unknown as IngestEvent;
  const signed = request(sign(body, 'the-signing-secret'));
  for (const [handler, event] of [
    [ingest(true, true), signed],
    [ingest(true, true), request('00')],
    [ingest(false, true), signed],
    [ingest(false, false), signed],
  ] as const) {
    await handler(event, {} as Context);
  }
  const meta = {
    id: 'a',
    type: 'message',
    category: 'messages',
    receivedAt: '2026-05-01T10:00:00Z',
  };
  const batch = {
    Records: [
      {
        messageId: 'm',
        body: JSON.stringify({ source: 'whatsapp', detail: { meta, data: {} } }),
        attributes: { ApproximateReceiveCount: '1' },
        messageAttributes: {},
      },
    ],
  } as unknown as SQSEvent;
  const queue = { sendToDeadLetterQueue: async () => {}, postpone: async () => {} };
  await consume(() => {}, { queue, once: undefined })(batch);
  await consume(
    () => {
      throw new Error('fails');
    },
    { queue, once: undefined },
  )(batch);
  const spilled = JSON.stringify({ source: 'whatsapp', 'detail-type': 'message', detail: {} });
  await republish({ busName: 'whatsapp-test', putEvents: async () => [{ EventId: 'id' }] })({
    Records: [{ messageId: 'm', body: spilled }],
  } as SQSEvent);
  await countSessions(async () => [{ session: 'shop', status: 'FAILED', isRestricted: true }]);
  await countFailedEvents(['unrouted'], async () => 2);
  jest.restoreAllMocks();
  return lines;
}

describe.each(['DEBUG', 'INFO', 'WARN', 'ERROR'])('at the log level %s', (filter) => {
  test('Lambda drops no metric, so that alarms and the dashboard work at each level', async () => {
    const lines = await linesAt(filter);
    const written = lines.flatMap(metricsOf);
    for (const name of [
      'Accepted',
      'Refused Refusal=unauthorized',
      'Refused Refusal=unavailable',
      'Spilled',
      'Latency',
      'Failed',
      'Republished',
      'SessionsOffline',
      'SessionsRestricted',
      'FailedEvents',
    ]) {
      expect(written.some((metric) => metric.startsWith(name))).toBe(true);
    }
    expect(lines.filter((line) => passes(line, filter)).flatMap(metricsOf)).toEqual(written);
  });

  test('each alarm on a metric of the functions has its metric', async () => {
    const { Resources } = await keptTemplate();
    const filtered = Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::Logs::MetricFilter')
      .flatMap(({ Properties }) => Properties?.MetricTransformations as readonly AlarmProperties[])
      .map(({ MetricName }) => MetricName);
    const counted = Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
      .map(({ Properties }) => Properties as unknown as AlarmProperties)
      .filter(({ Namespace }) => Namespace === metricNamespace)
      .filter(({ MetricName }) => !filtered.includes(MetricName));
    expect(counted.length).toBeGreaterThan(3);
    process.env.STAGE = 'dev';
    const lines = await linesAt(filter);
    const arrived = lines
      .filter((line) => passes(line, filter))
      .flatMap(metricsOf)
      .map((metric) => metric.split(/[ ,]/).sort());
    for (const { MetricName, Dimensions } of counted) {
      const wanted = [MetricName, ...Dimensions.map(({ Name, Value }) => `${Name}=${Value}`)];
      expect(arrived).toContainEqual(wanted.sort());
    }
  });

  test('a query for errors does not find metrics', async () => {
    const metrics = (await linesAt(filter)).filter((line) => metricsOf(line).length > 0);
    for (const line of metrics) {
      expect(JSON.stringify(line)).not.toMatch(/WARN|ERROR|FATAL/);
    }
  });
});

test('a metric without a level or without a timestamp would be dropped at WARN', () => {
  const line = { _aws: {}, Refused: 1 };
  expect(passes(line, 'INFO')).toBe(true);
  expect(passes(line, 'WARN')).toBe(false);
  expect(passes({ ...line, level: 'error' }, 'WARN')).toBe(false);
  expect(passes({ ...line, level: 'error', timestamp: '2026-05-01T10:00:00Z' }, 'WARN')).toBe(true);
});
