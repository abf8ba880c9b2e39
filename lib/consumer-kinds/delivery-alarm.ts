import type { Rule } from 'aws-cdk-lib/aws-events';
import { lastingFailure } from '../alarms/alarms.ts';
import { ruleMetric } from '../alarms/metrics.ts';
import type { ConsumerContext } from './consumer-context.ts';

/**
 * Adds the alarm of a consumer without a queue, to which EventBridge delivers directly. Its events are counted
 * as failed only when the retries are exhausted, by default after a day; this alarm fires while they are
 * retried. The metric has no data without retries. EventBridge makes up to 185 attempts in 24 hours, so each
 * period of a failing target has some (EventBridge User Guide, "Monitoring Amazon EventBridge", "Retrying event
 * delivery").
 */
export function addDeliveryAlarm(
  { scope, name, bus, alarms }: Pick<ConsumerContext, 'scope' | 'name' | 'bus' | 'alarms'>,
  rule: Rule,
): void {
  const { period, periods } = lastingFailure;
  alarms?.add(scope, 'NotDeliveredAlarm', {
    kind: 'not-delivered',
    subject: name,
    sentence: `EventBridge has retried deliveries to the consumer ${name} in three consecutive quarters of an hour.`,
    metric: ruleMetric(bus.stage, rule, 'RetryInvocationAttempts', period),
    threshold: 1,
    periods,
  });
}
