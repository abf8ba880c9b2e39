import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Refusal } from '../../lambdas/ingest/responses.ts';
import { type Alarms, alarmPeriod } from './alarms.ts';
import { counted, ofAllRules, oldest, waiting } from './metrics.ts';

/** The parts of the pipeline that every consumer depends on. */
export interface WatchedPipeline {
  readonly stage: string;
  readonly ingest: IFunction;
  readonly spill: IQueue;
  readonly spillDeadLetters: IQueue;
  readonly republish: IFunction;
  readonly undeliverable: IQueue;
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
    counted(stage, 'Refused', { Refusal }).with({ period: alarmPeriod });
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
    metric: counted(stage, 'Spilled').with({ period: alarmPeriod }),
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
