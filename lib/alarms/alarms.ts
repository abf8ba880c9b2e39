import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarm,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/**
 * The headings of docs/runbook.md, by kind of alarm. Each alarm's description names its heading; a test
 * checks that every heading exists.
 */
export const runbook = {
  'events-failed': 'Events have failed',
  late: 'Oldest event too old',
  'not-delivered': 'Events are not delivered',
  lost: 'Events that no queue accepted',
  'spill-late': 'Spilled events are not published',
  'webhooks-failed': 'Webhooks are answered 5xx',
  'not-deduplicated': 'Deduplication is unavailable',
  'webhooks-throttled': 'Webhooks are answered 429',
  'not-authentic': 'A burst of unauthenticated requests',
  'sessions-offline': 'A session is offline',
  'session-restricted': 'An account is restricted',
  'watch-fails': 'The watch function fails',
} as const;

/** The kinds of alarms. */
export type AlarmKind = keyof typeof runbook;

/** The definition of one alarm. */
export interface AlarmDefinition {
  /** Kind of the alarm: part of its name, and the key of its heading in the runbook. */
  readonly kind: AlarmKind;
  /** The consumer that the alarm is about. @default - the alarm is about the pipeline */
  readonly subject?: string;
  /** What has happened, in one sentence, for the person who receives the notification. */
  readonly sentence: string;
  /** The metric that the alarm watches. The alarm uses its statistic and period. */
  readonly metric: IMetric;
  /** The alarm fires when the metric is at least this large. */
  readonly threshold: number;
  /** Whether the alarm also fires when there is no data, because what is watched always runs. @default false */
  readonly firesWithoutData?: boolean;
  /** How many consecutive periods must reach the threshold. @default 1 */
  readonly periods?: number;
}

/** Length of one alarm period for most alarms. */
export const alarmPeriod = Duration.minutes(5);

/**
 * Length and number of the periods of alarms on failures that often pass by themselves. A failure that is
 * shorter than a period reaches two periods at most: the end of one and the beginning of the next.
 */
export const lastingFailure = { period: Duration.minutes(15), periods: 3 } as const;

/**
 * Creates the alarms of a deployment. Their names are `whatsapp-<stage>-<subject>-<kind>`, so lists show them
 * together. Missing data does not fire them unless they say so. They notify one topic, when they fire and when
 * they return to OK.
 */
export class Alarms {
  readonly #stage: string;
  readonly #action: SnsAction;
  readonly #made: IAlarm[] = [];

  constructor(stage: string, topic: ITopic) {
    this.#stage = stage;
    this.#action = new SnsAction(topic);
  }

  /**
   * All alarms that were added so far. They are referenced by ARN, not with a CloudFormation reference: some
   * CloudFormation emulators have no alarms, and could then not create the dashboard.
   */
  get made(): IAlarm[] {
    return this.#made;
  }

  /**
   * Adds an alarm. Its description names the heading of the runbook.
   *
   * @param scope the construct that the alarm belongs to
   * @param id the construct id, unique in the scope
   */
  add(scope: Construct, id: string, definition: AlarmDefinition): Alarm {
    const {
      kind,
      subject,
      sentence,
      metric,
      threshold,
      periods = 1,
      firesWithoutData,
    } = definition;
    const alarmName = ['whatsapp', this.#stage, subject, kind].filter(Boolean).join('-');
    const alarm = new Alarm(scope, id, {
      alarmName,
      alarmDescription: `${sentence} What to do: docs/runbook.md, "${runbook[kind]}".`,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: firesWithoutData
        ? TreatMissingData.BREACHING
        : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.#action);
    alarm.addOkAction(this.#action);
    const arn = Stack.of(scope).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: alarmName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.#made.push(Alarm.fromAlarmArn(alarm, 'Named', arn));
    return alarm;
  }
}

/**
 * Name of a deployment's alarm topic. It is known at synth time, because alarms in other stacks notify the
 * same topic.
 */
export const alarmTopicName = (stage: string) => `whatsapp-${stage}-alarms`;
