import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { pattern, WhatsAppEventBus } from '../../lib/cdk.ts';

/** Which deployment's bus to subscribe to. */
export interface PythonStackProps extends StackProps {
  /** @default dev */
  readonly stage?: string;
}

/** A queue for a service that polls: what people write to this account in direct chats. */
export class PythonStack extends Stack {
  constructor(scope: Construct, id: string, { stage, ...props }: PythonStackProps = {}) {
    super(scope, id, props);
    const bus = WhatsAppEventBus.lookup(this, 'WhatsApp', { stage });
    const { queue } = bus.addConsumer('python', {
      kind: 'queue',
      summary: 'What customers write, for a service in Python',
      pattern: pattern({
        type: 'message',
        where: { 'meta.fromMe': false, 'data.chat.kind': 'user' },
      }),
      maxReceiveCount: 3,
    });
    new CfnOutput(this, 'QueueUrl', { value: queue?.queueUrl ?? '' });
  }
}
