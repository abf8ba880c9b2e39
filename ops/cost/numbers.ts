import { stateUse, tablePrices } from '../../events/state/state-price.ts';

/** Date and region of the prices. Free tiers are not included. */
export const pricesAsOf = { date: '2026-11-22', region: 'us-east-1' } as const;

interface NamedNumber {
  readonly value: number;
  /** Number of units that the price is for. */
  readonly per: number;
  readonly unit: string;
  /** In Markdown. */
  readonly source: string;
}

/** A price of AWS in dollars, with AWS's page; `known` as docs/costs.md explains it. */
const price = (
  value: number,
  per: number,
  unit: string,
  service: string,
  known: 'list' | 'quoted' | 'memory' = 'list',
): NamedNumber => ({
  ...{ value, per, unit },
  source: `[${known}](https://aws.amazon.com/${service}/pricing/)`,
});

/** All prices of the cost model. */
export const prices = {
  httpApiRequests: price(1, 1e6, 'requests of up to 512 KB to an HTTP API', 'api-gateway'),
  restApiRequests: price(3.5, 1e6, 'requests to a REST API', 'api-gateway'),
  wafRequests: price(0.6, 1e6, 'requests that WAF inspects', 'waf', 'quoted'),
  wafAcls: price(5, 1, 'web ACL and month', 'waf', 'quoted'),
  wafRules: price(1, 1, 'WAF rule and month', 'waf', 'quoted'),
  lambdaRequests: price(0.2, 1e6, 'Lambda invocations', 'lambda'),
  lambdaGbSeconds: price(0.0000133334, 1, 'GB-second on arm64, init included', 'lambda'),
  busEvents: price(1, 1e6, 'custom events of up to 64 KB each', 'eventbridge'),
  archivedGb: price(0.1, 1, 'GB put into an EventBridge archive', 'eventbridge'),
  archiveGbMonths: price(0.023, 1, 'GB and month in an EventBridge archive', 'eventbridge'),
  sqsRequests: price(0.4, 1e6, 'SQS requests of up to 64 KB each', 'sqs'),
  tableWrites: price(
    tablePrices.millionWrites,
    1e6,
    'DynamoDB write units of 1 KB',
    'dynamodb/on-demand',
  ),
  tableReads: price(
    tablePrices.millionReads,
    1e6,
    'DynamoDB read units of 4 KB; half a unit each for eventually consistent reads',
    'dynamodb/on-demand',
    'memory',
  ),
  tableGbMonths: price(
    tablePrices.gigabyteMonth,
    1,
    'GB and month in DynamoDB',
    'dynamodb/on-demand',
    'memory',
  ),
  backupGbMonths: price(
    tablePrices.backupGigabyteMonth,
    1,
    'GB and month of its backup',
    'dynamodb/on-demand',
    'memory',
  ),
  logGb: price(0.5, 1, 'GB put into CloudWatch Logs', 'cloudwatch'),
  protectedLogGb: price(0.12, 1, 'GB of logs that a data protection policy scans', 'cloudwatch'),
  logGbMonths: price(0.03, 1, 'GB and month in CloudWatch Logs', 'cloudwatch', 'memory'),
  metrics: price(0.3, 1, 'custom metric and month', 'cloudwatch', 'quoted'),
  alarmMetrics: price(0.1, 1, 'metric of an alarm, and month', 'cloudwatch'),
  dashboards: price(3, 1, 'dashboard and month', 'cloudwatch', 'quoted'),
  secrets: price(0.4, 1, 'secret and month', 'secrets-manager'),
  secretReads: price(0.05, 10_000, 'reads of secrets', 'secrets-manager'),
  keys: price(1, 1, 'KMS key and month', 'kms'),
} as const;

const fact = (value: number, unit: string, source: string): NamedNumber => ({
  ...{ value, per: 1, unit, source },
});
const cpuTime = '[measured CPU time](benchmarks.md#warm-ingest), 1 % of starts included';

/**
 * Number of operations for each event, and assumed durations. Values marked `counted` or `measured` are
 * checked by test/ops/cost; nothing was measured in an AWS account.
 */
export const facts = {
  deduplicationWrites: fact(2, 'write units of deduplication for each new event', 'counted'),
  identityReads: fact(
    1.5,
    'read units of identities for an event that names one address, which the function has not cached',
    'counted',
  ),
  identityWrites: fact(
    0.1,
    'write units of identities for each event',
    'estimate: two when a pair is new and once a week, for 20 events of a person and week',
  ),
  idempotencyWrites: fact(2, 'writes for each event of an idempotent consumer', 'counted'),
  stateWrites: fact(stateUse.messageWrites, 'write units of state for a message', 'counted'),
  chatWrites: fact(
    stateUse.chatWrites,
    'write units of state for each hour in which a chat has messages',
    'counted',
  ),
  chatReads: fact(
    stateUse.chatReads,
    'read units of state for each hour in which a chat has messages',
    'counted',
  ),
  messagesAnHour: fact(
    stateUse.messagesAnHour,
    'messages of a chat in an hour in which it has any',
    'estimate',
  ),
  acceptedLogBytes: fact(460, 'bytes of log for each accepted event', 'measured'),
  filteredLogBytes: fact(250, 'bytes of log for each event that a filter rule drops', 'measured'),
  handledLogBytes: fact(45, 'bytes of log for each event in a batch', 'measured'),
  batchLogBytes: fact(330, 'bytes of log for each batch', 'measured'),
  bytes: fact(2_048, 'bytes of a webhook', 'a short text has 2,157 to 2,487 on GOWS'),
  accessLogBytes: fact(200, 'bytes of access log for each request', 'measured'),
  stateBytes: fact(stateUse.bytes, 'bytes of state for a message', 'measured'),
  ingestMs: fact(24.6, 'billed ms for each request', `estimate: 20 of waiting, and ${cpuTime}`),
  waitingMs: fact(20, 'ms of these in which ingest waits for AWS', 'estimate'),
  ingestMemoryMb: fact(
    512,
    'MB of ingest for which the times are; CPU is as much as memory',
    'set',
  ),
  filteredMs: fact(5.6, 'billed ms for a request that a filter rule drops', cpuTime),
  consumerMs: fact(30, 'billed ms for each batch', 'estimate: writes of a batch run in parallel'),
  handledMs: fact(1, 'billed ms for each event in a batch', 'estimate'),
  peakFactor: fact(2, 'times the mean rate at which the mean event comes', 'estimate'),
  idlePollers: fact(2, 'pollers of an idle queue', 'as others observed; not documented'),
  busyPollers: fact(5, 'pollers of a queue in use', 'Lambda Developer Guide'),
  readerBatch: fact(10, 'messages that a service of your own receives at once', 'SQS’s maximum'),
  secretReadsAMonth: fact(17_520, 'reads of each secret', 'two functions, every five minutes'),
  looksAMonth: fact(4_380, 'runs of the watch function', 'every ten minutes'),
  metricsOfIngest: fact(2, 'custom metrics of ingest', 'estimate: Accepted, and one of the others'),
  metricsOfConsumer: fact(1, 'custom metrics of each function with events', 'the metric Latency'),
} as const;

/** Name of a price. */
export type PriceName = keyof typeof prices;

/** Inputs of the model: each price in dollars for one unit, and the facts. */
export type CostValues = Readonly<Record<PriceName | keyof typeof facts, number>>;

/**
 * The inputs of the model, some of them replaced.
 *
 * @param own replacements by name, each for as many units as in the table
 * @throws for an unknown name, and for a value that is not a number of 0 or more
 */
export function costValues(own: Readonly<Record<string, string>> = {}): CostValues {
  const numbers: Readonly<Record<string, NamedNumber>> = { ...prices, ...facts };
  for (const [name, text] of Object.entries(own)) {
    if (!Object.hasOwn(numbers, name)) {
      throw new Error(`docs/costs.md has no number "${name}".`);
    }
    if (!/^\d{1,9}(\.\d{1,12})?$/.test(text)) {
      throw new Error(`"${name}" is "${text}", but must be a number of 0 or more.`);
    }
  }
  return Object.fromEntries(
    Object.entries(numbers).map(([name, { value, per }]) => [
      name,
      (Object.hasOwn(own, name) ? Number(own[name]) : value) / per,
    ]),
  ) as CostValues;
}
