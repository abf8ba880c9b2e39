import { Construct } from 'constructs';
import { ClaimChecks } from './claim-checks.ts';
import { Consumer, heardTypes } from './consumer.ts';
import { type ConsumerRow, consumers as ownConsumers } from './consumers.ts';
import { WhatsAppEventBus } from './event-bus.ts';
import { FrontDoor } from './front-door.ts';
import { Ingest } from './ingest.ts';
import type { Settings } from './settings.ts';
import { Unrouted } from './unrouted.ts';

/** Props of {@link WhatsAppEventFanout}. */
export interface WhatsAppEventFanoutProps {
  readonly settings: Settings;
  /** @default - the table in lib/consumers.ts */
  readonly consumers?: Readonly<Record<string, ConsumerRow>>;
}

/** The whole pipeline: front door, ingest, bus, and each consumer with its queues. */
export class WhatsAppEventFanout extends Construct {
  readonly frontDoor: FrontDoor;
  readonly eventBus: WhatsAppEventBus;

  constructor(scope: Construct, id: string, props: WhatsAppEventFanoutProps) {
    super(scope, id);
    const { settings, consumers = ownConsumers } = props;
    const { stage } = settings;
    this.eventBus = new WhatsAppEventBus(this, 'EventBus', { stage });
    const ingest = new Ingest(this, 'Ingest', {
      settings,
      bus: this.eventBus.bus,
      claimChecks: new ClaimChecks(this, 'ClaimChecks').bucket,
    });
    this.frontDoor = new FrontDoor(this, 'FrontDoor', { settings, ingest: ingest.function });

    const consumersScope = new Construct(this, 'Consumers');
    for (const [name, row] of Object.entries(consumers)) {
      new Consumer(consumersScope, name, { name, row, bus: this.eventBus, settings });
    }
    new Unrouted(this, 'Unrouted', {
      stage,
      bus: this.eventBus,
      heard: Object.values(consumers).flatMap(heardTypes),
    });
  }
}
