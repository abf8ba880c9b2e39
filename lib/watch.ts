import { type CfnResource, Duration, Size } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { localMetadata, sessionMetrics } from '../events/names.ts';
import { stateKeys } from '../events/state/state-keys.ts';
import { type Alarms, alarmPeriod } from './alarms/alarms.ts';
import { counted } from './alarms/metrics.ts';
import { BundledFunction } from './bundled-function.ts';
import { acknowledge } from './nag.ts';
import type { Settings } from './settings.ts';

/** Props of {@link SessionWatch}. */
export interface SessionWatchProps {
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** Where the consumer `sessions` keeps the status of each session. */
  readonly state: ITable;
  /** What its alarm is made with. */
  readonly alarms: Alarms;
}

/** Periods in a row: a session that is restarted, or logged in again at once, is no incident. */
const offlinePeriods = 3;

/**
 * Counts the sessions that are offline every five minutes, and warns. A session tells of a change once
 * and then nothing, so no metric of events could say how long it has been offline. Costs less than a cent
 * a month, besides its metric and its alarm.
 */
export class SessionWatch extends Construct {
  constructor(scope: Construct, id: string, { settings, state, alarms }: SessionWatchProps) {
    super(scope, id);
    const { stage, consumerMemoryMb } = settings;
    const bundled = new BundledFunction(this, 'Handler', {
      entry: 'lambdas/watch/watch-sessions.ts',
      functionName: `whatsapp-${stage}-watch-sessions`,
      description: 'Counts the sessions that are offline',
      settings,
      memory: Size.mebibytes(consumerMemoryMb),
      timeout: Duration.seconds(20),
      environment: { STATE_TABLE: state.tableName },
    });
    bundled.role.addToPolicy(
      new PolicyStatement({
        actions: ['dynamodb:Query'],
        resources: [state.tableArn],
        conditions: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [stateKeys.sessions] },
        },
      }),
    );
    const rule = new Rule(this, 'Schedule', {
      description: 'When the sessions that are offline are counted',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(bundled.function)],
    });
    acknowledge(rule, {
      'Serverless-EventBusDLQ': 'A count that is missed is made again five minutes later.',
    });
    // No metrics are kept on one machine, where `fanout sessions` says the same.
    (rule.node.defaultChild as CfnResource).addMetadata(localMetadata.resource, 'ignore');
    alarms.add(this, 'OfflineAlarm', {
      kind: 'sessions-offline',
      sentence: 'A WhatsApp session has been offline for 15 minutes.',
      metric: counted(stage, sessionMetrics.sessionsOffline, {}, 'Maximum').with({
        period: alarmPeriod,
      }),
      threshold: 1,
      periods: offlinePeriods,
    });
  }
}
