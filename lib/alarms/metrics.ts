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
  /** Webhooks that were answered 5xx, by ingest or because ingest could not be reached. */
  readonly failed: Metric;
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

/** How many messages wait in a queue, at most. */
export const waiting = (queue: IQueue, period: Duration) =>
  queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period });

/** How old the oldest message of a queue is, in seconds. */
export const oldest = (queue: IQueue, period: Duration) =>
  queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period });

/**
 * A metric of all rules of the bus together, also of those that other stacks add. EventBridge
 * reports it by rule, and mostly only values that are not zero (EventBridge User Guide, "Monitoring").
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

/** A rule's reference is `bus|name` for a bus that is not the default one; its ARN ends in the name. */
const nameOf = (rule: Rule) => Fn.select(2, Fn.split('/', rule.ruleArn));
