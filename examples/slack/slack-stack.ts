import { fileURLToPath } from 'node:url';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { pattern, WhatsAppEventBus } from '../../lib/cdk.ts';

/** Which deployment's bus to subscribe to. */
export interface SlackStackProps extends StackProps {
  /** @default dev */
  readonly stage?: string;
}

/** A function that reports each missed call to a Slack channel. */
export class SlackStack extends Stack {
  constructor(scope: Construct, id: string, { stage, ...props }: SlackStackProps = {}) {
    super(scope, id, props);
    // The URL of an incoming webhook is a secret: whoever has it can post.
    const webhook = new Secret(this, 'SlackWebhook', {
      description: 'URL of an incoming webhook of Slack',
    });
    (webhook.node.defaultChild as CfnSecret).addMetadata('fanout:local-value', {
      variables: ['SLACK_WEBHOOK_URL'],
      default: 'http://127.0.0.1:9/',
    });
    WhatsAppEventBus.lookup(this, 'WhatsApp', { stage }).addConsumer('slack', {
      kind: 'function',
      summary: 'Missed calls for a Slack channel',
      pattern: pattern({ type: 'call.missed' }),
      entry: fileURLToPath(new URL('report-missed-call.ts', import.meta.url)),
      idempotent: true,
      environment: { SLACK_WEBHOOK_ARN: webhook.secretArn },
      permissions: [{ actions: ['secretsmanager:GetSecretValue'], resources: [webhook.secretArn] }],
    });
    new CfnOutput(this, 'SlackWebhookArn', { value: webhook.secretArn });
  }
}
