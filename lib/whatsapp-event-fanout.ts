import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { catalog } from '../events/catalog.ts';
import { ClaimChecks } from './claim-checks.ts';
import { Consumer, heardTypes } from './consumer.ts';
import { type ConsumerRow, consumers as ownConsumers } from './consumers.ts';
import { WhatsAppEventBus } from './event-bus.ts';
import { createExpiringTable } from './expiring-table.ts';
import { FrontDoor } from './front-door.ts';
import { Ingest } from './ingest.ts';
import type { Settings } from './settings.ts';
import { Spill } from './spill.ts';
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
  readonly ingest: Ingest;

  constructor(scope: Construct, id: string, props: WhatsAppEventFanoutProps) {
    super(scope, id);
    const { settings, consumers = ownConsumers } = props;
    const { stage } = settings;
    refuseUnknownTypes(settings.deduplicate);
    const { archiveDays } = settings;
    this.eventBus = new WhatsAppEventBus(this, 'EventBus', { stage, archiveDays });
    const { bus } = this.eventBus;
    this.ingest = new Ingest(this, 'Ingest', {
      settings,
      bus,
      spill: new Spill(this, 'Spill', { settings, bus }).queue,
      claimChecks: new ClaimChecks(this, 'ClaimChecks').bucket,
    });
    this.frontDoor = new FrontDoor(this, 'FrontDoor', {
      settings,
      ingest: this.ingest.function,
    });

    const consumersScope = new Construct(this, 'Consumers');
    let claimsTable: Table | undefined;
    const claims = () => {
      claimsTable ??= createExpiringTable(this, 'Claims', `whatsapp-${stage}-claims`);
      return claimsTable;
    };
    for (const [name, row] of Object.entries(consumers)) {
      new Consumer(consumersScope, name, { name, row, bus: this.eventBus, settings, claims });
    }
    new Unrouted(this, 'Unrouted', {
      stage,
      bus: this.eventBus,
      heard: Object.values(consumers).flatMap(heardTypes),
    });
  }
}

/** The setting names event types; a misspelt one would be a duplicate that nobody finds. */
function refuseUnknownTypes(deduplicate: string): void {
  if (deduplicate === 'all' || deduplicate === 'none') return;
  const unknown = deduplicate.split(',').filter((type) => !Object.hasOwn(catalog, type));
  if (unknown.length === 0) return;
  throw new Error(
    `The setting "deduplicate" names ${unknown.join(', ')}, which no kind of event is called. Known: ${Object.keys(catalog).join(', ')}.`,
  );
}
