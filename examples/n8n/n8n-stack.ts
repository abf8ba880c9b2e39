import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { WhatsAppEventBus } from '../../lib/cdk.ts';

/** Where n8n is, and which deployment's bus to subscribe to. */
export interface N8nStackProps extends StackProps {
  /** Production URL of a Webhook node. */
  readonly webhookUrl: string;
  /** @default dev */
  readonly stage?: string;
}

/** Posts every event of messages to a workflow in n8n. */
export class N8nStack extends Stack {
  constructor(scope: Construct, id: string, { webhookUrl, stage, ...props }: N8nStackProps) {
    super(scope, id, props);
    const bus = WhatsAppEventBus.lookup(this, 'WhatsApp', { stage });
    const { secret } = bus.addConsumer('n8n', {
      kind: 'https',
      summary: 'Messages for a workflow in n8n',
      categories: ['messages'],
      endpoint: webhookUrl,
      secretHeader: 'X-Webhook-Secret',
      ratePerSecond: 20,
      maxAgeMinutes: 120,
    });
    new CfnOutput(this, 'SecretArn', { value: secret?.secretArn ?? '' });
  }
}
