import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import {
  Alarm,
  ComparisonOperator,
  type IAlarm,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ManagedPolicy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ingestMetrics, type Refusal, watchMetrics } from '../../events/names.ts';
import { customerKeyOf } from '../encryption.ts';
import { acknowledge } from '../nag.ts';
import type { Settings } from '../settings.ts';
import { counted, type IngressMetrics, ofAllRules, oldest } from './metrics.ts';

/**
 * The headings of docs/runbook.md, by kind of alarm. Each alarm's description names its heading; a test
 * checks that every heading exists.
 */
export const runbook = {
  'events-failed': 'Events have failed',
  late: 'Oldest event too old',
  lost: 'Events that no queue accepted',
  'spill-late': 'Spilled events are not published',
  'webhooks-failed': 'Webhooks are answered 5xx',
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

/** The settings that name the recipients of notifications. */
export type AlarmReceivers = Pick<
  Settings,
  'stage' | 'alarmEmail' | 'alarmSlackWorkspace' | 'alarmSlackChannel'
>;

/** The topic that alarms notify, and its subscribers: an e-mail address, a Slack channel, or both. */
export class AlarmTopic extends Construct {
  /** The topic itself. */
  readonly topic: Topic;

  constructor(scope: Construct, id: string, settings: AlarmReceivers) {
    super(scope, id);
    const { stage, alarmEmail } = settings;
    // Not encrypted with the AWS managed key of SNS, which CloudWatch cannot use. A notification holds names
    // and numbers only.
    this.topic = new Topic(this, 'Topic', {
      topicName: alarmTopicName(stage),
      displayName: `WhatsApp events (${stage})`,
      enforceSSL: true,
      masterKey: customerKeyOf(this),
    });
    this.topic.addToResourcePolicy(this.#admitAlarms());
    if (alarmEmail !== 'none') {
      const subscription = this.topic.addSubscription(new EmailSubscription(alarmEmail));
      acknowledge(subscription, {
        'Serverless-SNSRedrivePolicy':
          'A mail that does not arrive can be read in CloudWatch: the alarm is shown there until it returns to OK.',
      });
    }
    const slack = slackOf(settings);
    if (slack) {
      new SlackChannelConfiguration(this, 'Slack', {
        slackChannelConfigurationName: alarmTopicName(stage),
        ...slack,
        notificationTopics: [this.topic],
        // Without this, each member of the channel has the permissions of an administrator.
        guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName('CloudWatchReadOnlyAccess')],
      });
    }
  }

  /** Allows alarms of this account and region to publish. A topic that has a policy allows nobody else. */
  #admitAlarms(): PolicyStatement {
    const { account } = Stack.of(this);
    const anyAlarm = Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm:*',
    });
    return new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [this.topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': anyAlarm },
      },
    });
  }
}

/** Either both settings are set or none: `settings.ts` checks this. */
function slackOf({ alarmSlackWorkspace, alarmSlackChannel }: AlarmReceivers) {
  if (alarmSlackWorkspace === 'none') {
    return undefined;
  }
  return { slackWorkspaceId: alarmSlackWorkspace, slackChannelId: alarmSlackChannel };
}

/** The parts of the pipeline that have alarms. */
export interface WatchedPipeline {
  /** Name of the deployment. */
  readonly stage: string;
  /** The endpoint that receives webhooks. */
  readonly ingress: IngressMetrics;
  /** The queue of events that the bus refused. */
  readonly spill: IQueue;
  /** The function that counts failed events and sessions. */
  readonly watch: IFunction;
  /** Whether sessions are counted. */
  readonly hasSessions: boolean;
}

/**
 * Number of requests in five minutes that failed authentication. WAHA sends one webhook 16 times in half a
 * minute if its secret is wrong, so this is about four webhooks.
 */
const notAuthenticBurst = 60;

/** Seconds within which the spill queue is empty again once the bus accepts events. */
const spillSeconds = 15 * 60;

/** How often the watch counts. Each count of a queue is one request. */
export const watchInterval = Duration.minutes(10);

/** Twice the interval of the watch, so that each period has at least one count. */
const countPeriod = Duration.minutes(20);

/**
 * Consecutive counts in which a session is offline. A session that is restarted or logged in again within one
 * interval does not fire the alarm.
 */
const offlineLooks = 2;

/** Adds the alarms of the parts that all consumers share. */
export function addPipelineAlarms(
  scope: Construct,
  alarms: Alarms,
  { stage, ingress, spill, watch, hasSessions }: WatchedPipeline,
): void {
  alarms.add(scope, 'WebhooksFailedAlarm', {
    kind: 'webhooks-failed',
    sentence: 'Webhooks were answered with 5xx. The senders retry for half a minute.',
    metric: ingress.failed.with({ period: alarmPeriod }),
    threshold: 1,
  });
  alarms.add(scope, 'WebhooksThrottledAlarm', {
    kind: 'webhooks-throttled',
    sentence: 'Webhooks were answered with 429. The senders retry for half a minute.',
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
    sentence: 'Events are in queues that should be empty. `fanout dlq list` shows in which.',
    metric: counted(stage, watchMetrics.failedEvents, {}, 'Maximum').with({ period: countPeriod }),
    threshold: 1,
  });
  alarms.add(scope, 'LostAlarm', {
    kind: 'lost',
    sentence:
      'EventBridge could deliver an event neither to its target nor to a dead-letter queue.',
    metric: ofAllRules(stage, 'InvocationsFailedToBeSentToDlq', alarmPeriod),
    threshold: 1,
  });
  alarms.add(scope, 'WatchFailsAlarm', {
    kind: 'watch-fails',
    sentence:
      'The function that counts failed events and sessions fails or does not run, so their alarms have no data.',
    // The metric is 0 for an invocation without an error, and absent without an invocation: the function is
    // throttled, or its schedule is disabled.
    metric: watch.metricErrors({ statistic: 'Sum', period: countPeriod }),
    threshold: 1,
    firesWithoutData: true,
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
