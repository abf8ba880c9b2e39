import { type Duration, Fn } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import {
  busNameOf,
  type MetricDimension,
  type MetricName,
  metricNamespace,
} from '../../events/names.ts';

/** The metrics of an endpoint. */
export interface IngressMetrics {
  /**
   * Webhooks that were answered 5xx, by ingest or because ingest could not be reached. Webhooks that were
   * answered 503 because another request was publishing the same event did not fail, and do not count.
   */
  readonly failed: Metric | MathExpression;
  /** Webhooks that the endpoint answered 429 without invoking ingest. */
  readonly throttled: Metric;
}

/** A metric that a function of this deployment counts. */
export function counted(
  stage: string,
  metricName: MetricName,
  dimensions: { readonly [Name in MetricDimension]?: string } = {},
  statistic = 'Sum',
): Metric {
  const dimensionsMap = { Stage: stage, ...dimensions };
  return new Metric({ namespace: metricNamespace, metricName, dimensionsMap, statistic });
}

/** The largest number of visible messages in a queue during a period. */
export const waiting = (queue: IQueue, period: Duration) =>
  queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period });

/** Age of the oldest message in a queue, in seconds. */
export const oldest = (queue: IQueue, period: Duration) =>
  queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period });

/**
 * Age of the oldest event that a delivery stream has not written yet, in seconds (Firehose Developer Guide,
 * "Implement best practices with CloudWatch Alarms").
 */
export const oldestInStream = (streamName: string, period: Duration) =>
  new Metric({
    namespace: 'AWS/Firehose',
    metricName: 'DeliveryToS3.DataFreshness',
    dimensionsMap: { DeliveryStreamName: streamName },
    statistic: 'Maximum',
    period,
  });

/**
 * The sum of a metric over all rules of the bus, including rules of other stacks. EventBridge reports the
 * metric for each rule, and most metrics only when they are not zero (EventBridge User Guide, "Monitoring").
 */
export function ofAllRules(stage: string, metric: string, period: Duration): MathExpression {
  return new MathExpression({
    expression: `SELECT SUM(${metric}) FROM SCHEMA("AWS/Events", EventBusName, RuleName) WHERE EventBusName = '${busNameOf(stage)}'`,
    label: metric,
    period,
  });
}

/** A metric of one rule of the bus (EventBridge User Guide, "Monitoring"). */
export function ruleMetric(
  stage: string,
  rule: Rule,
  metricName: string,
  period: Duration,
  label?: string,
): Metric {
  return new Metric({
    namespace: 'AWS/Events',
    metricName,
    dimensionsMap: { EventBusName: busNameOf(stage), RuleName: nameOf(rule) },
    statistic: 'Sum',
    period,
    label,
  });
}

/**
 * The name of a rule. CloudFormation's reference to a rule on a custom bus is `bus|name`, so the name is
 * taken from the ARN.
 */
const nameOf = (rule: Rule) => Fn.select(2, Fn.split('/', rule.ruleArn));
