import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ingestMetrics, type Refusal, watchMetrics } from '../../events/names.ts';
import type { CheckedRow } from '../consumer-row.ts';
import type { Ingress } from '../ingress/ingress.ts';
import { watchInterval } from '../watch.ts';
import { type Alarms, alarmPeriod } from './alarms.ts';
import { counted, ofAllRules, oldest, waiting } from './metrics.ts';

/** The parts of the pipeline that every consumer depends on. */
export interface WatchedPipeline {
  /** Name of the deployment. */
  readonly stage: string;
  /** What takes webhooks in. */
  readonly ingress: Pick<Ingress, 'failed' | 'throttled'>;
  /** Holds what the bus refused. */
  readonly spill: IQueue;
  /** Counts events that have failed, and sessions. */
  readonly watch: IFunction;
  /** Whether sessions are counted. */
  readonly hasSessions: boolean;
}

/**
 * Requests that are not authentic in five minutes. WAHA sends one webhook with a wrong secret sixteen times
 * in half a minute; four such webhooks are no accident.
 */
const notAuthenticBurst = 60;

/** Seconds in which the spill queue gets empty once the bus takes events again. */
const spillSeconds = 15 * 60;

/** Two looks of the watch: in each such time there is a count. */
const countPeriod = Duration.minutes(20);

/** Looks in a row: a session that is restarted, or logged in again at once, is no incident. */
const offlineLooks = 2;

/** The alarms of what all consumers share. */
export function addPipelineAlarms(
  scope: Construct,
  alarms: Alarms,
  { stage, ingress, spill, watch, hasSessions }: WatchedPipeline,
): void {
  alarms.add(scope, 'WebhooksFailedAlarm', {
    kind: 'webhooks-failed',
    sentence: 'Webhooks were answered 5xx; their senders try again for half a minute.',
    metric: ingress.failed.with({ period: alarmPeriod }),
    threshold: 1,
  });
  alarms.add(scope, 'WebhooksThrottledAlarm', {
    kind: 'webhooks-throttled',
    sentence: 'Webhooks were answered 429; their senders try again for half a minute.',
    metric: ingress.throttled.with({ period: alarmPeriod }),
    threshold: 1,
  });
  alarms.add(scope, 'NotAuthenticAlarm', {
    kind: 'not-authentic',
    sentence: `${notAuthenticBurst} requests in five minutes had a wrong signature or secret.`,
    metric: counted(stage, ingestMetrics.refused, {
      Refusal: 'unauthorized' satisfies Refusal,
    }).with({ period: alarmPeriod }),
    threshold: notAuthenticBurst,
  });
  alarms.add(scope, 'SpillLateAlarm', {
    kind: 'spill-late',
    sentence: 'An event that the bus refused has been waiting in the spill queue for 15 minutes.',
    metric: oldest(spill, alarmPeriod),
    threshold: spillSeconds,
  });
  alarms.add(scope, 'EventsFailedAlarm', {
    kind: 'events-failed',
    sentence: 'Events wait in queues that should be empty: `fanout dlq list` says in which.',
    metric: counted(stage, watchMetrics.failedEvents, {}, 'Maximum').with({ period: countPeriod }),
    threshold: 1,
  });
  alarms.add(scope, 'LostAlarm', {
    kind: 'lost',
    sentence: 'EventBridge could put an event neither into its target nor into a queue behind it.',
    metric: ofAllRules(stage, 'InvocationsFailedToBeSentToDlq', alarmPeriod),
    threshold: 1,
  });
  alarms.add(scope, 'WatchFailsAlarm', {
    kind: 'watch-fails',
    sentence:
      'The function that counts failed events and sessions fails, so their alarms are blind.',
    metric: watch.metricErrors({ statistic: 'Sum', period: countPeriod }),
    threshold: 1,
  });
  if (!hasSessions) {
    return;
  }
  alarms.add(scope, 'OfflineAlarm', {
    kind: 'sessions-offline',
    sentence: 'A WhatsApp session has been offline for 20 minutes.',
    metric: counted(stage, watchMetrics.sessionsOffline, {}, 'Maximum').with({
      period: watchInterval,
    }),
    threshold: 1,
    periods: offlineLooks,
  });
  alarms.add(scope, 'RestrictedAlarm', {
    kind: 'session-restricted',
    sentence: 'WhatsApp has restricted the account of a session.',
    metric: counted(stage, watchMetrics.sessionsRestricted, {}, 'Maximum').with({
      period: countPeriod,
    }),
    threshold: 1,
  });
}

/** What was made for a consumer, as far as alarms look at it. */
export interface WatchedConsumer {
  /** The consumer’s name. */
  readonly name: string;
  /** As it was written, with its defaults. */
  readonly row: CheckedRow;
  /** Its queue. @default - consumers of its kind have none */
  readonly queue?: Queue;
  /** Its dead-letter queue. @default - consumers of its kind have none */
  readonly deadLetterQueue?: Queue;
  /** Whether the stack counts the events of its dead-letter queue. */
  readonly isWatched: boolean;
}

/**
 * The alarms of one consumer: on an oldest event that is too old. Its failed events are counted with all
 * others by the watch; where none counts them, because the consumer is in another stack, they have an alarm.
 */
export function addConsumerAlarms(
  scope: Construct,
  alarms: Alarms,
  { name, row, queue, deadLetterQueue, isWatched }: WatchedConsumer,
): void {
  if (!queue || !deadLetterQueue) {
    return;
  }
  if (!isWatched) {
    alarms.add(scope, 'FailedAlarm', {
      kind: 'events-failed',
      subject: name,
      sentence: `The consumer ${name} could not process an event, which is now in its dead-letter queue.`,
      metric: waiting(deadLetterQueue, alarmPeriod),
      threshold: 1,
    });
  }
  const minutes = lateAfterMinutes(row);
  if (minutes > 0) {
    alarms.add(scope, 'LateAlarm', {
      kind: 'late',
      subject: name,
      sentence: `The oldest event for the consumer ${name} has been waiting for ${minutes} minutes.`,
      metric: oldest(queue, alarmPeriod),
      threshold: minutes * 60,
    });
  }
}

/** Minutes that an event may wait for a function; its redeliveries are over well before. */
const functionMinutes = 15;

/**
 * After how many minutes the oldest event is too old; 0 for never. 0 by default for a
 * queue that a service of the user's own reads: before that service exists, the alarm would always fire.
 */
export function lateAfterMinutes(row: CheckedRow): number {
  if (row.kind !== 'function' && row.kind !== 'queue') {
    return 0;
  }
  if (row.alarmAgeMinutes !== undefined) {
    return row.alarmAgeMinutes;
  }
  if (row.kind === 'queue') {
    return 0;
  }
  // A message that was given out and not deleted is hidden for six timeouts.
  return Math.max(functionMinutes, Math.ceil(((row.timeoutSeconds ?? 30) * 12) / 60));
}
