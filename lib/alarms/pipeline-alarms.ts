import { Duration, Stack } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  ingestMetrics,
  type Refusal,
  type RepeatedResult,
  watchMetrics,
} from '../../events/names.ts';
import { customerKeyOf } from '../encryption.ts';
import { acknowledge } from '../nag.ts';
import type { Settings } from '../settings.ts';
import { type Alarms, alarmPeriod, alarmTopicName, lastingFailure } from './alarms.ts';
import { counted, type IngressMetrics, ofAllRules, oldest } from './metrics.ts';

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
  /** Whether ingest looks up duplicates. */
  readonly hasDeduplication: boolean;
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
  { stage, ingress, spill, watch, hasDeduplication }: WatchedPipeline,
): void {
  alarms.add(scope, 'WebhooksFailedAlarm', {
    kind: 'webhooks-failed',
    sentence: 'Webhooks failed with 5xx. The senders retry for half a minute.',
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
  if (hasDeduplication) {
    alarms.add(scope, 'NotDeduplicatedAlarm', {
      kind: 'not-deduplicated',
      sentence:
        'Deduplication was unavailable in three consecutive quarters of an hour, so retries are published again.',
      // The metric NotRecorded is no sign of it: it also counts records that were not completed in time.
      metric: counted(stage, ingestMetrics.duplicates, {
        Result: 'unavailable' satisfies RepeatedResult,
      }).with({ period: lastingFailure.period }),
      threshold: 1,
      periods: lastingFailure.periods,
    });
  }
}

/** Adds the alarms of sessions. The watch function counts them only if the consumer `sessions` has state. */
export function addSessionAlarms(scope: Construct, alarms: Alarms, stage: string): void {
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
