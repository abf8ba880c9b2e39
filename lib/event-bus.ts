import { Duration } from 'aws-cdk-lib';
import { Archive, type CfnArchive, EventBus } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { eventSource } from '../events/event-source.ts';
import { busNameOf } from './bus-name.ts';
import { customerKeyOf } from './customer-key.ts';
import { FanoutBus } from './fanout-bus.ts';
import { type LookedUpBusProps, LookedUpEventBus } from './looked-up-event-bus.ts';
import { createEndQueue } from './queue.ts';
import { shareBus } from './share-bus.ts';

/** Props of {@link WhatsAppEventBus}. */
export interface WhatsAppEventBusProps {
  /** Name of the deployment; the bus is called `whatsapp-<stage>`. */
  readonly stage: string;
  /** Days that every event is kept for replays; 0 keeps none. */
  readonly archiveDays: number;
  /** Who else may add rules: the setting `shareBusWith`. @default none */
  readonly sharedWith?: string;
}

/** The bus that every event is put on, and the queue for what a rule could not deliver. */
export class WhatsAppEventBus extends FanoutBus {
  readonly stage: string;
  readonly bus: EventBus;
  readonly undeliverable: Queue;

  /**
   * The bus of a deployment that another app or stack made, in the same account and region, for adding
   * rules and consumers to it. Goes by the names alone, so no credentials are needed to synthesize.
   */
  static lookup(scope: Construct, id: string, props: LookedUpBusProps): LookedUpEventBus {
    return new LookedUpEventBus(scope, id, props);
  }

  constructor(scope: Construct, id: string, props: WhatsAppEventBusProps) {
    super(scope, id);
    const { stage, archiveDays, sharedWith = 'none' } = props;
    this.stage = stage;
    const busName = busNameOf(stage);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: busName,
      description: 'WhatsApp events, normalized, one detail-type for each kind',
      kmsKey: customerKeyOf(this),
    });
    shareBus(this.bus, busName, sharedWith);
    if (archiveDays > 0) {
      const archive = new Archive(this, 'Archive', {
        archiveName: busName,
        description: 'Every event, for replays to one consumer',
        sourceEventBus: this.bus,
        eventPattern: { source: [eventSource] },
        retention: Duration.days(archiveDays),
        kmsKey: customerKeyOf(this),
      });
      // CDK asks for a pattern; without one everything is kept.
      (archive.node.defaultChild as CfnArchive).eventPattern = undefined;
    }
    this.undeliverable = createEndQueue(this, 'Undeliverable', {
      queueName: `${busName}-undeliverable`,
      role: 'undeliverable',
    });
    // Rules of other stacks, and those added at run time, have the same queue behind them.
    this.undeliverable.addToResourcePolicy(this.admitting(this.undeliverable, '*'));
    for (const [parameterId, name, stringValue, description] of [
      ['BusNameParameter', 'bus-name', busName, 'Name of the bus'],
      ['BusArnParameter', 'bus-arn', this.bus.eventBusArn, 'ARN of the bus'],
    ] as const) {
      const parameterName = `/whatsapp/${stage}/${name}`;
      new StringParameter(this, parameterId, { parameterName, stringValue, description });
    }
  }
}
