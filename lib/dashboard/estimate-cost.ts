import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { gigabyte, unitPrices } from '../prices.ts';

/** What a part of the pipeline uses, and what one unit of it costs. */
export type Usage = readonly (readonly [metric: IMetric, dollars: number])[];

const prices = unitPrices();
const day = Duration.days(1);
const daily = { statistic: 'Sum', period: day };

/** What a function costs: requests, time and logs. */
export const functionUsage = (lambda: IFunction, name: string, memoryMb: number): Usage => [
  [lambda.metricInvocations(daily), prices.lambdaRequests],
  // Durations are in milliseconds.
  [lambda.metricDuration(daily), (prices.lambdaGbSeconds * memoryMb) / 1024 / 1000],
  [
    new Metric({
      namespace: 'AWS/Logs',
      metricName: 'IncomingBytes',
      dimensionsMap: { LogGroupName: `/aws/lambda/${name}` },
      ...daily,
    }),
    prices.logGb / gigabyte,
  ],
];

/** What a queue costs: each message as if it were a request of its own, and the requests for nothing. */
export const queueUsage = (queue: IQueue): Usage =>
  [
    queue.metricNumberOfMessagesSent(daily),
    queue.metricNumberOfMessagesReceived(daily),
    queue.metricNumberOfMessagesDeleted(daily),
    queue.metricNumberOfEmptyReceives(daily),
  ].map((metric) => [metric, prices.sqsRequests] as const);

/** What a table costs that is paid by use. */
export const tableUsage = (TableName: string): Usage =>
  (
    [
      ['ConsumedWriteCapacityUnits', prices.tableWrites],
      ['ConsumedReadCapacityUnits', prices.tableReads],
    ] as const
  ).map(([metricName, dollars]) => [
    new Metric({ namespace: 'AWS/DynamoDB', metricName, dimensionsMap: { TableName }, ...daily }),
    dollars,
  ]);

/** Dollars of each day. `prefix` keeps the ids of several expressions in one widget apart. */
export function dollarsOf(usage: Usage, prefix: string, label: string): MathExpression {
  const named = usage.map(([metric, dollars], index) => ({
    id: `${prefix}${index}`,
    metric,
    dollars,
  }));
  return new MathExpression({
    expression: named
      .map(({ id, dollars }) => `FILL(${id}, 0) * ${dollars.toFixed(18)}`)
      .join(' + '),
    usingMetrics: Object.fromEntries(named.map(({ id, metric }) => [id, metric])),
    label,
    period: day,
  });
}

/**
 * Dollars since the month began: the days of the last 31 that are in the newest day's month, added up.
 * Not run against CloudWatch yet; the daily graph beside it does without functions of time.
 */
export function dollarsThisMonth(daysDollars: MathExpression): MathExpression {
  return new MathExpression({
    expression: 'RUNNING_SUM(IF(MONTH(total) == LAST(MONTH(total)), total, 0))',
    usingMetrics: { total: daysDollars },
    label: 'dollars this month',
    period: day,
  });
}
