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
import { type AlarmKind, runbook } from './runbook.ts';

/** One alarm. */
export interface AlarmDefinition {
  readonly kind: AlarmKind;
  /** Whose: a consumer, or a part of the pipeline. @default - the kind says it */
  readonly subject?: string;
  /** What has happened, in one sentence, for whoever gets the mail. */
  readonly sentence: string;
  /** Its statistic and period are the alarm's. */
  readonly metric: IMetric;
  /** Fires when the metric is as large as this, or larger. */
  readonly threshold: number;
  /** How many periods in a row. @default 1 */
  readonly periods?: number;
}

/** How long one period of an alarm is, unless its metric says otherwise. */
export const alarmPeriod = Duration.minutes(5);

/**
 * Makes a deployment's alarms: named `whatsapp-<stage>-<subject>-<kind>`, so that they stand together
 * in a list, silent where there is no traffic, and told to one topic when they fire and when it is
 * over.
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
   * Every alarm so far; grows with each that is added. Each is known by its name: not every emulator of
   * CloudFormation has alarms, and a reference to one would keep it from making what shows them.
   */
  get made(): IAlarm[] {
    return this.#made;
  }

  add(scope: Construct, id: string, definition: AlarmDefinition): Alarm {
    const { kind, subject, sentence, metric, threshold, periods = 1 } = definition;
    const alarmName = ['whatsapp', this.#stage, subject, kind].filter(Boolean).join('-');
    const alarm = new Alarm(scope, id, {
      alarmName,
      alarmDescription: `${sentence} What to do: docs/runbook.md, "${runbook[kind]}".`,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
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
