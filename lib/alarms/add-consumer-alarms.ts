import type { Rule } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { ConsumerRow } from '../consumer-row.ts';
import type { Settings } from '../settings.ts';
import { type Alarms, alarmPeriod } from './alarms.ts';
import { oldest, ruleMetric, waiting } from './metrics.ts';

/** What was made for a consumer, as far as alarms look at it. */
export interface WatchedConsumer {
  readonly name: string;
  readonly row: ConsumerRow;
  readonly settings: Settings;
  readonly rule: Rule;
  readonly queue?: Queue;
  readonly deadLetterQueue?: Queue;
  readonly function?: IFunction;
}

/** Two periods in a row: one timeout is no incident, a function that cannot start is. */
const errorPeriods = 2;

/**
 * The alarms of one consumer. With a queue: dead letters, and an oldest event that is too old; with a
 * function: its errors; without a queue: what EventBridge gave up on.
 */
export function addConsumerAlarms(
  scope: Construct,
  alarms: Alarms,
  { name, row, settings, rule, queue, deadLetterQueue, function: handler }: WatchedConsumer,
): void {
  if (!queue || !deadLetterQueue) {
    alarms.add(scope, 'UndeliveredAlarm', {
      kind: 'undelivered',
      subject: name,
      sentence: `EventBridge has given up on delivering an event to the consumer ${name}.`,
      metric: ruleMetric(settings.stage, rule, 'InvocationsSentToDlq', alarmPeriod),
      threshold: 1,
    });
    return;
  }
  alarms.add(scope, 'DeadLettersAlarm', {
    kind: 'dead-letters',
    subject: name,
    sentence: `The consumer ${name} has given up on an event.`,
    metric: waiting(deadLetterQueue, alarmPeriod),
    threshold: 1,
  });
  const minutes = lateAfterMinutes(row, settings);
  if (minutes > 0) {
    alarms.add(scope, 'LateAlarm', {
      kind: 'late',
      subject: name,
      sentence: `The oldest event for the consumer ${name} has been waiting for ${minutes} minutes.`,
      metric: oldest(queue, alarmPeriod),
      threshold: minutes * 60,
    });
  }
  if (handler) {
    alarms.add(scope, 'ErrorsAlarm', {
      kind: 'errors',
      subject: name,
      sentence: `The function of the consumer ${name} cannot start, crashes, or takes too long.`,
      metric: handler.metricErrors({ statistic: 'Sum', period: alarmPeriod }),
      threshold: 1,
      periods: errorPeriods,
    });
  }
}

/** Minutes that an event may wait for a function; its redeliveries are over well before. */
const functionMinutes = 15;

/**
 * After how many minutes the oldest event is too old; 0 for never. A queue that a service of the user's
 * own reads is too old when a quarter of its retention is left: soon events are deleted unread.
 */
export function lateAfterMinutes(row: ConsumerRow, { queueRetentionDays }: Settings): number {
  if (row.kind !== 'function' && row.kind !== 'queue') return 0;
  if (row.alarmAgeMinutes !== undefined) return row.alarmAgeMinutes;
  if (row.kind === 'queue') return (row.retentionDays ?? queueRetentionDays) * 24 * 60 * 0.75;
  // A message that was given out and not deleted is hidden for six timeouts.
  return Math.max(functionMinutes, Math.ceil(((row.timeoutSeconds ?? 30) * 12) / 60));
}
