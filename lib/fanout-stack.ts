import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { busNameOf } from '../events/names.ts';
import type { ConsumerRow } from './consumer-row.ts';
import { keepsData, type Settings } from './settings.ts';
import { WhatsAppEventFanout } from './whatsapp-event-fanout.ts';

/** Props of {@link FanoutStack}. */
export interface FanoutStackProps extends StackProps {
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** @default - the table in lib/consumers.ts */
  readonly consumers?: Readonly<Record<string, ConsumerRow>>;
}

/** The pipeline as a stack of its own. */
export class FanoutStack extends Stack {
  /** The pipeline. */
  readonly fanout: WhatsAppEventFanout;

  constructor(scope: Construct, id: string, { settings, consumers, ...props }: FanoutStackProps) {
    super(scope, id, {
      description: 'WhatsApp webhooks in, one typed event stream out',
      // What keeps its data shall not go by a slip either.
      terminationProtection: keepsData(settings),
      ...props,
    });
    const fanout = new WhatsAppEventFanout(this, 'Fanout', { settings, consumers });
    this.fanout = fanout;
    new CfnOutput(this, 'WebhookUrl', {
      value: fanout.frontDoor.url,
      description: 'Where senders post their webhooks to',
    });
    if (fanout.frontDoor.dnsTarget) {
      new CfnOutput(this, 'DomainTarget', {
        value: fanout.frontDoor.dnsTarget,
        description: `What the DNS record of ${settings.domainName} must point to`,
      });
    }
    for (const { id, secret, description } of fanout.ingest.secrets) {
      new CfnOutput(this, `${id}Arn`, { value: secret.secretArn, description });
    }
    new CfnOutput(this, 'BusName', { value: busNameOf(settings.stage) });
    new CfnOutput(this, 'BusArn', { value: fanout.eventBus.bus.eventBusArn });
  }
}
