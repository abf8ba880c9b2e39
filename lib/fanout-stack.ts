import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ConsumerRow } from './consumer-row.ts';
import type { Settings } from './settings.ts';
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
      terminationProtection: settings.protection === 'on',
      ...props,
    });
    const fanout = new WhatsAppEventFanout(this, 'Fanout', { settings, consumers });
    this.fanout = fanout;
    // In a stack of its own the outputs have their plain names.
    for (const output of fanout.outputs) {
      output.overrideLogicalId(output.node.id);
    }
  }
}
