import { Stack } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { customerKeyOf } from '../customer-key.ts';
import { acknowledge } from '../nag.ts';
import type { Settings } from '../settings.ts';

/** Name of the topic of a deployment's alarms. Known at synth time: other stacks' alarms go there too. */
export const alarmTopicName = (stage: string) => `whatsapp-${stage}-alarms`;

/** What of the settings says who is told. */
export type AlarmReceivers = Pick<
  Settings,
  'stage' | 'alarmEmail' | 'alarmSlackWorkspace' | 'alarmSlackChannel'
>;

/** The topic that alarms are told to, and who is told: by mail, in a Slack channel, or both. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  /** @throws when only one of the two Slack settings is there */
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
          'A mail that does not arrive can be read in CloudWatch: the alarm stands there until it is over.',
      });
    }
    const slack = slackOf(settings);
    if (slack) {
      new SlackChannelConfiguration(this, 'Slack', {
        slackChannelConfigurationName: alarmTopicName(stage),
        ...slack,
        notificationTopics: [this.topic],
        // Without this, whoever writes in the channel could do what an administrator can.
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

function slackOf({ alarmSlackWorkspace, alarmSlackChannel }: AlarmReceivers) {
  if (alarmSlackWorkspace === 'none' && alarmSlackChannel === 'none') return undefined;
  if (alarmSlackWorkspace === 'none' || alarmSlackChannel === 'none') {
    throw new Error(
      `The settings "alarmSlackWorkspace" (${alarmSlackWorkspace}) and "alarmSlackChannel" (${alarmSlackChannel}) belong together: set both, or neither.`,
    );
  }
  return { slackWorkspaceId: alarmSlackWorkspace, slackChannelId: alarmSlackChannel };
}
