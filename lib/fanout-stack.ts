import { Annotations, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { busNameOf } from '../events/names.ts';
import { dollarsOfMessageState } from '../events/state/state-price.ts';
import { Alarms } from './alarms/alarms.ts';
import { AlarmTopic, addPipelineAlarms, addSessionAlarms } from './alarms/pipeline-alarms.ts';
import type { ConsumerRow } from './consumer-row.ts';
import { consumers as ownConsumers } from './consumers.ts';
import { FanoutDashboard } from './dashboard/fanout-dashboard.ts';
import { CustomerKey } from './encryption.ts';
import { Consumer, WhatsAppEventBus } from './event-bus.ts';
import { ClaimChecks, Ingest } from './ingest.ts';
import { Ingress } from './ingress/ingress.ts';
import { readGivenSettings } from './read-settings.ts';
import type { Settings } from './settings.ts';
import { Spill } from './spill.ts';
import { alwaysSubscribedTypes } from './subscription.ts';
import {
  createExpiringTable,
  createStateTable,
  dataRemovalOf,
  mayHaveState,
  unknownStateNames,
} from './tables.ts';
import { Unrouted } from './unrouted.ts';
import { Watch } from './watch.ts';

/** Props of {@link FanoutStack}. */
export interface FanoutStackProps extends StackProps {
  /** The settings of the deployment. */
  readonly settings: Settings;
  /**
   * The rows of the consumers, by the consumer's name.
   *
   * @default - the table in lib/consumers.ts
   */
  readonly consumers?: Readonly<Record<string, ConsumerRow>>;
}

/** A stack that contains the pipeline and nothing else. */
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
    // The stack contains nothing else, so the logical ids of the outputs need no prefix.
    for (const output of fanout.outputs) {
      output.overrideLogicalId(output.node.id);
    }
  }
}

/** Props of {@link WhatsAppEventFanout}. */
export interface WhatsAppEventFanoutProps {
  /**
   * Settings, named as in CDK context: plain values with the unit in their name, for example
   * `{ archiveDays: 7 }`.
   *
   * @default - the default of each setting
   */
  readonly settings?: Partial<Settings>;
  /**
   * The rows of the consumers, by the consumer's name.
   *
   * @default - the table in lib/consumers.ts
   */
  readonly consumers?: Readonly<Record<string, ConsumerRow>>;
}

/** The pipeline: endpoint, ingest, bus, and each consumer with its queues. */
export class WhatsAppEventFanout extends Construct {
  /** The endpoint that receives webhooks. */
  readonly ingress: Ingress;
  /** The bus that every event is published on. */
  readonly eventBus: WhatsAppEventBus;
  /** The function that the endpoint invokes, and the secrets that senders authenticate with. */
  readonly ingest: Ingest;
  /**
   * The bucket for webhook bodies that are too large for the bus. A consumer reads them after
   * `claimChecks.grantRead(consumer.function)`.
   */
  readonly claimChecks: IBucket;
  /** The topic that alarms notify. Absent if the setting `alarms` is `off`. */
  readonly alarmTopic?: ITopic;
  /** The stack outputs: URL, ARNs of the secrets, name and ARN of the bus. */
  readonly outputs: readonly CfnOutput[];
  readonly #settings: Settings;
  readonly #alarms?: Alarms;
  readonly #watch?: Watch;
  readonly #consumers: Construct;
  readonly #added = new Map<string, Consumer>();
  readonly #subscribed = new Set<string>();
  #records: Table | undefined;
  #state: Table | undefined;

  /**
   * @throws SettingsError if a setting is wrong, or Error if a consumer's row is: with one sentence for each
   * wrong value
   */
  constructor(scope: Construct, id: string, props: WhatsAppEventFanoutProps = {}) {
    super(scope, id);
    const { consumers = ownConsumers } = props;
    const settings = readGivenSettings(props.settings ?? {}, 'the prop `settings`');
    this.#settings = settings;
    const { stage, archiveDays, shareBusWith: sharedWith } = settings;
    this.node.addValidation({ validate: () => unknownStateNames(settings.state, this.#rows()) });
    // Must be created first, since the constructs below look it up.
    if (settings.encryption === 'customer') {
      new CustomerKey(this, 'Encryption', { stage, removalPolicy: dataRemovalOf(settings) });
    }
    const archive = Duration.days(archiveDays);
    this.eventBus = new WhatsAppEventBus(this, 'EventBus', { stage, archive, sharedWith });
    const { bus } = this.eventBus;
    if (settings.alarms === 'on') {
      this.alarmTopic = new AlarmTopic(this, 'Alarms', settings).topic;
      this.#alarms = new Alarms(stage, this.alarmTopic);
    }
    const spill = new Spill(this, 'Spill', { settings, bus });
    this.claimChecks = new ClaimChecks(this, 'ClaimChecks', { stage, archiveDays }).bucket;
    this.ingest = new Ingest(this, 'Ingest', {
      settings,
      bus,
      spill: spill.queue,
      claimChecks: this.claimChecks,
    });
    // The construct id of version 0.1.0, so that existing deployments keep their URL.
    this.ingress = new Ingress(this, 'FrontDoor', {
      settings,
      ingest: this.ingest.function,
    });
    this.outputs = this.#createOutputs();
    if (this.#alarms) {
      // The construct id of version 0.1.0, so that existing deployments keep their resources.
      this.#watch = new Watch(this, 'SessionWatch', {
        settings,
        undeliverable: this.eventBus.undeliverable,
      });
    }
    this.#consumers = new Construct(this, 'Consumers');
    for (const [name, row] of Object.entries(consumers)) {
      this.addConsumer(name, row);
    }
    const unrouted = new Unrouted(this, 'Unrouted', {
      stage,
      bus: this.eventBus,
      subscribed: () => [...this.#subscribed],
    });
    this.#watch?.addQueue(spill.deadLetterQueue, 'spill-dead-letters');
    this.#watch?.addQueue(this.eventBus.undeliverable, 'undeliverable');
    this.#watch?.addQueue(unrouted.queue, 'unrouted');
    const { busDeadLetters } = this.eventBus;
    if (busDeadLetters) {
      this.#watch?.addQueue(busDeadLetters, 'bus-dead-letters');
    }
    if (settings.dashboard === 'on') {
      new FanoutDashboard(this, 'Overview', {
        settings,
        ingress: this.ingress,
        ingest: this.ingest.function,
        spill: spill.queue,
        undeliverable: this.eventBus.undeliverable,
        unrouted: unrouted.queue,
        consumers: () => this.#added,
        alarms: () => this.#alarms?.made ?? [],
      });
    }
    if (this.#alarms && this.#watch) {
      addPipelineAlarms(this, this.#alarms, {
        stage,
        ingress: this.ingress,
        spill: spill.queue,
        watch: this.#watch.function,
        hasDeduplication: settings.deduplicate !== 'none',
      });
    }
  }

  /**
   * Adds a consumer in addition to those of the prop `consumers`. Its name must be unique in the deployment,
   * because it is part of the names of its resources.
   *
   * @throws if the row is invalid: the error names the setting, the value, and what is allowed
   */
  addConsumer(name: string, row: ConsumerRow): Consumer {
    const consumer = new Consumer(this.#consumers, name, {
      name,
      row,
      bus: this.eventBus,
      settings: this.#settings,
      records: () => this.#idempotencyTable(),
      state: () => this.#stateTable(),
      alarms: this.#alarms,
      isWatched: true,
    });
    const { deadLetterQueue } = consumer;
    if (deadLetterQueue) {
      this.#watch?.addQueue(deadLetterQueue, `${name}-dead-letters`);
    }
    this.#added.set(name, consumer);
    for (const type of alwaysSubscribedTypes(row)) {
      this.#subscribed.add(type);
    }
    if (row.kind === 'function' && mayHaveState(name, row, this.#settings.state)) {
      this.#announceState(name);
    }
    return consumer;
  }

  /** Adds what depends on the state of one consumer: the counts and alarms of sessions, the price of messages. */
  #announceState(consumer: string): void {
    const { stage, stateDays } = this.#settings;
    if (consumer === 'sessions' && this.#alarms) {
      this.#watch?.addSessions(this.#stateTable());
      addSessionAlarms(this, this.#alarms, stage);
    }
    if (consumer === 'messages') {
      // This is the most expensive default for each message.
      Annotations.of(this).addInfoV2(
        'fanout:state-price',
        `state of messages: about $${dollarsOfMessageState(stateDays).toFixed(2)} a million; "-c state=none" turns it off (docs/costs.md)`,
      );
    }
  }

  #rows(): Record<string, ConsumerRow> {
    return Object.fromEntries([...this.#added].map(([name, { row }]) => [name, row]));
  }

  #createOutputs(): CfnOutput[] {
    const { url, dnsTarget } = this.ingress;
    const { bus } = this.eventBus;
    const { stage, domainName } = this.#settings;
    const outputs: readonly (readonly [id: string, value: string, description?: string])[] = [
      ['WebhookUrl', url, 'URL that senders post webhooks to'],
      ...(dnsTarget
        ? [
            [
              'DomainTarget',
              dnsTarget,
              `What the DNS record of ${domainName} must point to`,
            ] as const,
          ]
        : []),
      ...this.ingest.secrets.map(
        ({ id, secret, description }) => [`${id}Arn`, secret.secretArn, description] as const,
      ),
      ['BusName', busNameOf(stage)],
      ['BusArn', bus.eventBusArn],
    ];
    return outputs.map(
      ([id, value, description]) => new CfnOutput(this, id, { value, description }),
    );
  }

  #idempotencyTable(): Table {
    const tableName = `whatsapp-${this.#settings.stage}-idempotency`;
    this.#records ??= createExpiringTable(this, 'Idempotency', tableName);
    return this.#records;
  }

  #stateTable(): Table {
    this.#state ??= createStateTable(this, 'State', this.#settings);
    return this.#state;
  }
}
