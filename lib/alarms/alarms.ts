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
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { customerKeyOf } from '../encryption.ts';
import { acknowledge } from '../nag.ts';
import type { Settings } from '../settings.ts';

/**
 * The headings of docs/runbook.md, by what an alarm is about. Each alarm's description names its
 * heading, and a test holds alarms and runbook together.
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

/** What an alarm can be about. */
export type AlarmKind = keyof typeof runbook;

/** One alarm. */
export interface AlarmDefinition {
  /** What the alarm is about: names it, and its heading in the runbook. */
  readonly kind: AlarmKind;
  /** Whose: a consumer, or a part of the pipeline. @default - the kind says it */
  readonly subject?: string;
  /** What has happened, in one sentence, for the person who gets the mail. */
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
 * Makes a deployment's alarms: named `whatsapp-<stage>-<subject>-<kind>`, so that lists show them
 * together. They do not fire without traffic, and notify one topic when they fire and when they return to
 * OK.
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

/** Name of the topic of a deployment's alarms. Known at synth time: other stacks' alarms go there too. */
export const alarmTopicName = (stage: string) => `whatsapp-${stage}-alarms`;

/** The settings that name the recipients of notifications. */
export type AlarmReceivers = Pick<
  Settings,
  'stage' | 'alarmEmail' | 'alarmSlackWorkspace' | 'alarmSlackChannel'
>;

/** The topic that alarms notify, and its subscribers: a mail address, a Slack channel, or both. */
export class AlarmTopic extends Construct {
  /** The topic itself. */
  readonly topic: Topic;

  constructor(scope: Construct, id: string, settings: AlarmReceivers) {
    super(scope, id);
    const { stage, alarmEmail } = settings;
    // No key of AWS's own: CloudWatch cannot use SNS's, and a mail holds names and numbers only.
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

  /** Alarms of this account and region may publish; with a policy of its own a topic lets no one else. */
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

/** Both are set, or neither is: see `settings.ts`. */
function slackOf({ alarmSlackWorkspace, alarmSlackChannel }: AlarmReceivers) {
  if (alarmSlackWorkspace === 'none') {
    return undefined;
  }
  return { slackWorkspaceId: alarmSlackWorkspace, slackChannelId: alarmSlackChannel };
}
