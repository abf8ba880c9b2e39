/** One price of AWS. */
export interface Price {
  readonly dollars: number;
  /** How many units that is for. */
  readonly per: number;
  readonly unit: string;
  /** AWS's page with the price. */
  readonly page: string;
  /** `list`: read from a price list at the table's date. `memory`: known, and not looked up again. */
  readonly known: 'list' | 'memory';
}

const aws = (path: string) => `https://aws.amazon.com/${path}/pricing/`;
const list = { known: 'list' } as const;
const memory = { known: 'memory' } as const;
const million = 1_000_000;

/** When the prices were noted, and of which region. Free tiers are left out. */
export const pricesAsOf = { date: '2026-11-22', region: 'us-east-1' } as const;

/** Every price that the cost model goes by. `fanout cost --prices FILE` replaces single ones. */
export const prices = {
  httpApiRequests: {
    dollars: 1,
    per: million,
    unit: 'requests of up to 512 KB to an HTTP API',
    page: aws('api-gateway'),
    ...list,
  },
  restApiRequests: {
    dollars: 3.5,
    per: million,
    unit: 'requests to a REST API',
    page: aws('api-gateway'),
    ...list,
  },
  wafRequests: {
    dollars: 0.6,
    per: million,
    unit: 'requests that WAF inspects',
    page: aws('waf'),
    ...memory,
  },
  wafAcls: { dollars: 5, per: 1, unit: 'web ACL and month', page: aws('waf'), ...memory },
  wafRules: { dollars: 1, per: 1, unit: 'WAF rule and month', page: aws('waf'), ...memory },
  lambdaRequests: {
    dollars: 0.2,
    per: million,
    unit: 'Lambda invocations',
    page: aws('lambda'),
    ...list,
  },
  lambdaGbSeconds: {
    dollars: 0.0000133334,
    per: 1,
    unit: 'GB-second on arm64, init included',
    page: aws('lambda'),
    ...list,
  },
  busEvents: {
    dollars: 1,
    per: million,
    unit: 'custom events of up to 64 KB each',
    page: aws('eventbridge'),
    ...list,
  },
  apiDestinations: {
    dollars: 0.2,
    per: million,
    unit: 'API destination calls of up to 64 KB',
    page: aws('eventbridge'),
    ...memory,
  },
  archivedGb: {
    dollars: 0.1,
    per: 1,
    unit: 'GB put into an EventBridge archive',
    page: aws('eventbridge'),
    ...list,
  },
  archiveGbMonths: {
    dollars: 0.023,
    per: 1,
    unit: 'GB and month in an EventBridge archive',
    page: aws('eventbridge'),
    ...list,
  },
  sqsRequests: {
    dollars: 0.4,
    per: million,
    unit: 'SQS requests of up to 64 KB each',
    page: aws('sqs'),
    ...list,
  },
  tableWrites: {
    dollars: 0.625,
    per: million,
    unit: 'DynamoDB write units of 1 KB',
    page: aws('dynamodb/on-demand'),
    ...list,
  },
  tableReads: {
    dollars: 0.125,
    per: million,
    unit: 'DynamoDB read units of 4 KB, consistent',
    page: aws('dynamodb/on-demand'),
    ...memory,
  },
  tableGbMonths: {
    dollars: 0.25,
    per: 1,
    unit: 'GB and month in DynamoDB',
    page: aws('dynamodb/on-demand'),
    ...memory,
  },
  tableBackupGbMonths: {
    dollars: 0.2,
    per: 1,
    unit: 'GB and month of point-in-time recovery',
    page: aws('dynamodb/on-demand'),
    ...memory,
  },
  logGb: {
    dollars: 0.5,
    per: 1,
    unit: 'GB put into CloudWatch Logs',
    page: aws('cloudwatch'),
    ...list,
  },
  infrequentLogGb: {
    dollars: 0.25,
    per: 1,
    unit: 'GB put into a log group of the infrequent-access class',
    page: aws('cloudwatch'),
    ...list,
  },
  protectedLogGb: {
    dollars: 0.12,
    per: 1,
    unit: 'GB of logs that a data protection policy looks at',
    page: aws('cloudwatch'),
    ...list,
  },
  logGbMonths: {
    dollars: 0.03,
    per: 1,
    unit: 'GB and month in CloudWatch Logs, compressed',
    page: aws('cloudwatch'),
    ...memory,
  },
  metrics: {
    dollars: 0.3,
    per: 1,
    unit: 'custom metric and month, by the hours in which it has data',
    page: aws('cloudwatch'),
    ...memory,
  },
  alarmMetrics: {
    dollars: 0.1,
    per: 1,
    unit: 'metric that an alarm looks at, and month',
    page: aws('cloudwatch'),
    ...list,
  },
  compositeAlarms: {
    dollars: 0.5,
    per: 1,
    unit: 'composite alarm and month',
    page: aws('cloudwatch'),
    ...memory,
  },
  dashboards: {
    dollars: 3,
    per: 1,
    unit: 'dashboard and month',
    page: aws('cloudwatch'),
    ...memory,
  },
  traces: {
    dollars: 5,
    per: million,
    unit: 'traces that X-Ray records',
    page: aws('xray'),
    ...memory,
  },
  secrets: {
    dollars: 0.4,
    per: 1,
    unit: 'secret and month',
    page: aws('secrets-manager'),
    ...list,
  },
  secretReads: {
    dollars: 0.05,
    per: 10_000,
    unit: 'reads of secrets',
    page: aws('secrets-manager'),
    ...list,
  },
  keys: { dollars: 1, per: 1, unit: 'KMS key and month', page: aws('kms'), ...list },
  firehoseGb: {
    dollars: 0.029,
    per: 1,
    unit: 'GB put into Firehose, each record rounded up to 5 KB',
    page: aws('firehose'),
    ...memory,
  },
} as const satisfies Record<string, Price>;

/** Bytes of a GB on AWS's bills for logs, archives and tables. */
export const gigabyte = 1024 ** 3;

/** Name of a price. */
export type PriceName = keyof typeof prices;

/** Dollars for one unit of each price. */
export type UnitPrices = { readonly [Name in PriceName]: number };

/**
 * Dollars for one unit of each price.
 *
 * @param own prices of another region or contract, in dollars for as many units as the table says
 */
export function unitPrices(own: Partial<Record<PriceName, number>> = {}): UnitPrices {
  return Object.fromEntries(
    Object.entries(prices).map(([name, { dollars, per }]) => [
      name,
      (own[name as PriceName] ?? dollars) / per,
    ]),
  ) as UnitPrices;
}
