import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ingestMetrics, type Refusal } from '../../events/names.ts';
import type { CheckedRow } from '../consumer-row.ts';
import type { Settings } from '../settings.ts';
import { type Alarms, alarmPeriod } from './alarms.ts';
import { counted, ofAllRules, oldest, ruleMetric, waiting } from './metrics.ts';

/** The parts of the pipeline that every consumer depends on. */
export interface WatchedPipeline {
  /** Name of the deployment. */
  readonly stage: string;
  /** The function behind the front door. */
  readonly ingest: IFunction;
  /** Holds what the bus refused. */
  readonly spill: IQueue;
  /** Holds what the bus refused for longer than the spill queue offers it. */
  readonly spillDeadLetters: IQueue;
  /** The function that empties the spill queue. */
  readonly republish: IFunction;
  /** Holds what EventBridge could not deliver. */
  readonly undeliverable: IQueue;
  /** Holds what no consumer hears. */
  readonly unrouted: IQueue;
}

/**
 * Requests that are not authentic in five minutes. One webhook of a sender with a wrong secret is told
 * sixteen times in half a minute; four such webhooks are no accident.
 */
const notAuthenticBurst = 60;

/** Seconds in which the spill queue gets empty once the bus takes events again. */
const spillSeconds = 15 * 60;

/** The alarms of what all consumers share. */
export function addPipelineAlarms(
  scope: Construct,
  alarms: Alarms,
  { stage, ingest, spill, spillDeadLetters, republish, undeliverable, unrouted }: WatchedPipeline,
): void {
  const refused = (Refusal: Refusal) =>
    counted(stage, ingestMetrics.refused, { Refusal }).with({ period: alarmPeriod });
  const sum = { statistic: 'Sum', period: alarmPeriod };
  alarms.add(scope, 'IngestErrorsAlarm', {
    kind: 'ingest-errors',
    sentence: 'Ingest has answered webhooks with 500, or not at all; their senders try again.',
    metric: new MathExpression({
      expression: 'FILL(crashed, 0) + FILL(internal, 0)',
      usingMetrics: { crashed: ingest.metricErrors(sum), internal: refused('internal') },
      label: 'errors',
      period: alarmPeriod,
    }),
    threshold: 1,
  });
  alarms.add(scope, 'IngestThrottlesAlarm', {
    kind: 'ingest-throttles',
    sentence: 'Lambda does not let all webhooks through to ingest.',
    metric: ingest.metricThrottles(sum),
    threshold: 1,
  });
  alarms.add(scope, 'IngestRefusesAlarm', {
    kind: 'ingest-refuses',
    sentence: 'Webhooks could not be kept anywhere and were answered 503; their senders try again.',
    metric: refused('unavailable'),
    threshold: 1,
  });
  alarms.add(scope, 'NotAuthenticAlarm', {
    kind: 'not-authentic',
    sentence: `${notAuthenticBurst} requests in five minutes had a wrong signature or secret.`,
    metric: refused('unauthorized'),
    threshold: notAuthenticBurst,
  });
  alarms.add(scope, 'BusRefusesAlarm', {
    kind: 'bus-refuses',
    sentence: 'PutEvents has failed for events, which are in the spill queue now.',
    metric: counted(stage, ingestMetrics.spilled).with({ period: alarmPeriod }),
    threshold: 1,
  });
  alarms.add(scope, 'SpillLateAlarm', {
    kind: 'spill-late',
    sentence: 'An event has been waiting in the spill queue for 15 minutes.',
    metric: oldest(spill, alarmPeriod),
    threshold: spillSeconds,
  });
  alarms.add(scope, 'SpillDeadLettersAlarm', {
    kind: 'dead-letters',
    subject: 'spill',
    sentence: 'The bus did not take an event for sixteen hours.',
    metric: waiting(spillDeadLetters, alarmPeriod),
    threshold: 1,
  });
  alarms.add(scope, 'RepublishErrorsAlarm', {
    kind: 'republish-errors',
    sentence: 'The function that empties the spill queue crashes or takes too long.',
    metric: republish.metricErrors(sum),
    threshold: 1,
    periods: 2,
  });
  alarms.add(scope, 'UndeliverableAlarm', {
    kind: 'undeliverable',
    sentence: 'EventBridge could not put an event into its target.',
    metric: waiting(undeliverable, alarmPeriod),
    threshold: 1,
  });
  alarms.add(scope, 'UnroutedAlarm', {
    kind: 'unrouted',
    sentence: 'An event came that no consumer hears.',
    metric: waiting(unrouted, alarmPeriod),
    threshold: 1,
  });
  alarms.add(scope, 'LostAlarm', {
    kind: 'lost',
    sentence: 'EventBridge could put an event neither into its target nor into a queue behind it.',
    metric: ofAllRules(stage, 'InvocationsFailedToBeSentToDlq', alarmPeriod),
    threshold: 1,
  });
}

/** What was made for a consumer, as far as alarms look at it. */
export interface WatchedConsumer {
  /** The consumer’s name. */
  readonly name: string;
  /** As it was written, with its defaults. */
  readonly row: CheckedRow;
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** What lets its events through. */
  readonly rule: Rule;
  /** Its queue. @default - the kind has none */
  readonly queue?: Queue;
  /** Its dead-letter queue. @default - the kind has none */
  readonly deadLetterQueue?: Queue;
  /** Its function. @default - the kind has none */
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
export function lateAfterMinutes(row: CheckedRow, { queueRetentionDays }: Settings): number {
  if (row.kind !== 'function' && row.kind !== 'queue') return 0;
  if (row.alarmAgeMinutes !== undefined) return row.alarmAgeMinutes;
  if (row.kind === 'queue') return (row.retentionDays ?? queueRetentionDays) * 24 * 60 * 0.75;
  // A message that was given out and not deleted is hidden for six timeouts.
  return Math.max(functionMinutes, Math.ceil(((row.timeoutSeconds ?? 30) * 12) / 60));
}
