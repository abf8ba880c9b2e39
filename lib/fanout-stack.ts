import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';
import { WhatsAppEventFanout } from './whatsapp-event-fanout.ts';

/** Props of {@link FanoutStack}. */
export interface FanoutStackProps extends StackProps {
  readonly settings: Settings;
}

/** The pipeline as a stack of its own. */
export class FanoutStack extends Stack {
  constructor(scope: Construct, id: string, { settings, ...props }: FanoutStackProps) {
    super(scope, id, {
      description: 'WhatsApp webhooks in, one typed event stream out',
      ...props,
    });
    const fanout = new WhatsAppEventFanout(this, 'Fanout', { settings });
    new CfnOutput(this, 'WebhookUrl', {
      value: fanout.frontDoor.url,
      description: 'Where senders post their webhooks to',
    });
    new CfnOutput(this, 'BusName', { value: fanout.eventBus.bus.eventBusName });
    new CfnOutput(this, 'BusArn', { value: fanout.eventBus.bus.eventBusArn });
  }
}
