import { Duration, Stack } from 'aws-cdk-lib';
import { type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import {
  Archive,
  type CfnArchive,
  EventBus,
  type IEventBus,
  type Rule,
} from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { busNameOf, eventSource } from '../events/names.ts';
import { Alarms, alarmTopicName } from './alarms/alarms.ts';
import { checkConsumer } from './check-consumer.ts';
import { connectFirehose } from './consumer-kinds/connect-firehose.ts';
import { connectFunction, connectQueue } from './consumer-kinds/connect-queued.ts';
import { connectBus, connectHttps, connectTarget } from './consumer-kinds/connect-target.ts';
import type { ConsumerContext, ConsumerParts } from './consumer-kinds/consumer-context.ts';
import { addDeliveryAlarm } from './consumer-kinds/delivery-alarm.ts';
import type { ConsumerKind, ConsumerRow } from './consumer-row.ts';
import { customerKeyOf, keyArnParameterOf, useExistingKey } from './encryption.ts';
import { FanoutBus, shareBus } from './fanout-bus.ts';
import { createFailureQueue } from './queue.ts';
import { readGivenSettings } from './read-settings.ts';
import { type Settings, SettingsError } from './settings.ts';
import { createExpiringTable, stateTableName } from './tables.ts';

/** Props of {@link WhatsAppEventBus}. */
export interface WhatsAppEventBusProps {
  /** Name of the deployment: 1 to 20 lower-case letters, digits and hyphens. The bus is called `whatsapp-<stage>`. */
  readonly stage: string;
  /** How long the archive keeps events for replays, in whole days. @default - there is no archive */
  readonly archive?: Duration | undefined;
  /**
   * Other accounts (12 digits) and organizations (`o-…`) that may add rules to the bus: ids separated by
   * commas, or `none`.
   *
   * @default none
   */
  readonly sharedWith?: string;
}

/** The bus that every event is published on, and the queue for events that a rule could not deliver. */
export class WhatsAppEventBus extends FanoutBus {
  /** Name of the deployment. */
  readonly stage: string;
  /** The bus itself. */
  readonly bus: EventBus;
  /** Where EventBridge puts an event when it cannot deliver it to a target. */
  readonly undeliverable: Queue;
  /**
   * The queue for events that the bus cannot encrypt. @default - none, since encryption with AWS's own key
   * does not fail
   */
  readonly busDeadLetters?: Queue;

  /**
   * References the bus of a deployment in another app or stack of the same account and region, to add rules
   * and consumers to it. It uses names only, so synthesis needs no credentials.
   */
  static lookup(scope: Construct, id: string, props: LookedUpBusProps): LookedUpEventBus {
    return new LookedUpEventBus(scope, id, props);
  }

  /** @throws SettingsError if a prop is wrong: the error names its setting, the value, and what is allowed */
  constructor(scope: Construct, id: string, props: WhatsAppEventBusProps) {
    super(scope, id);
    const { stage, shareBusWith, archiveDays } = readGivenSettings(
      {
        stage: props.stage,
        shareBusWith: props.sharedWith,
        archiveDays: props.archive?.toDays() ?? 0,
      },
      'the props of the bus',
    );
    this.stage = stage;
    const busName = busNameOf(stage);
    if (customerKeyOf(this)) {
      this.busDeadLetters = createBusDeadLetters(this, busName);
    }
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: busName,
      description: 'WhatsApp events, normalized, with the event type as detail-type',
      kmsKey: customerKeyOf(this),
      deadLetterQueue: this.busDeadLetters,
    });
    shareBus(this.bus, stage, shareBusWith);
    if (archiveDays > 0) {
      const archive = new Archive(this, 'Archive', {
        archiveName: busName,
        description: 'Every event, for replays to one consumer',
        sourceEventBus: this.bus,
        eventPattern: { source: [eventSource] },
        retention: Duration.days(archiveDays),
        kmsKey: customerKeyOf(this),
      });
      // CDK requires a pattern. Without one the archive keeps every event.
      (archive.node.defaultChild as CfnArchive).eventPattern = undefined;
    }
    this.undeliverable = createFailureQueue(this, 'Undeliverable', {
      queueName: `${busName}-undeliverable`,
      role: 'undeliverable',
    });
    // Rules of other stacks, and rules that are added at run time, use the same queue.
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

/** Props of `WhatsAppEventBus.lookup`. */
export interface LookedUpBusProps {
  /** Name of the deployment. @default dev */
  readonly stage?: string;
  /** Settings for the consumers that are added here. @default - the default of each setting */
  readonly settings?: Partial<Omit<Settings, 'stage'>>;
  /**
   * The customer managed key of the deployment; its ARN is in the SSM parameter `/whatsapp/<stage>/key-arn`. It
   * encrypts what the consumers that are added here store, and their functions may use it. Required if the
   * setting `encryption` is `customer`.
   *
   * @default - AWS's own keys
   */
  readonly encryptionKey?: IKey;
}

const missingKey = (stage: string) =>
  'The setting "encryption" is customer (the props of the lookup), but the prop "encryptionKey" is not set. Set it ' +
  'to the key of the deployment, for example Key.fromKeyArn(this, "Key", ' +
  `StringParameter.valueForStringParameter(this, "${keyArnParameterOf(stage)}")).`;

/** The bus of a deployment that was created elsewhere. */
export class LookedUpEventBus extends FanoutBus {
  /** Name of the deployment. */
  readonly stage: string;
  /** The bus itself. */
  readonly bus: IEventBus;
  /** Where EventBridge puts an event when it cannot deliver it to a target. */
  readonly undeliverable: IQueue;
  readonly #settings: Settings;
  #records: Table | undefined;
  #state: ITable | undefined;
  readonly #alarms?: Alarms;

  constructor(scope: Construct, id: string, props: LookedUpBusProps) {
    super(scope, id);
    const { stage, settings, encryptionKey } = props;
    this.#settings = readGivenSettings({ ...settings, stage }, 'the props of the lookup');
    this.stage = this.#settings.stage;
    if (encryptionKey) {
      useExistingKey(this, encryptionKey);
    } else if (this.#settings.encryption === 'customer') {
      throw new SettingsError([missingKey(this.stage)]);
    }
    const busName = busNameOf(this.stage);
    this.bus = EventBus.fromEventBusName(this, 'Bus', busName);
    const resource = `${busName}-undeliverable`;
    const queueArn = Stack.of(this).formatArn({ service: 'sqs', resource });
    this.undeliverable = Queue.fromQueueArn(this, 'Undeliverable', queueArn);
    if (this.#settings.alarms === 'on') {
      const topicArn = Stack.of(this).formatArn({
        service: 'sns',
        resource: alarmTopicName(this.stage),
      });
      this.#alarms = new Alarms(this.stage, Topic.fromTopicArn(this, 'AlarmTopic', topicArn));
    }
  }

  /**
   * Adds a consumer to this stack that subscribes to the bus. Its name must be unique in the deployment,
   * because it is part of the queue's name.
   *
   * @throws if the row is invalid: the error names the setting, the value, and what is allowed
   */
  addConsumer(name: string, row: ConsumerRow): Consumer {
    const records = () => {
      this.#records ??= createExpiringTable(this, 'Idempotency');
      return this.#records;
    };
    const state = () => {
      this.#state ??= Table.fromTableName(this, 'State', stateTableName(this.stage));
      return this.#state;
    };
    const settings = this.#settings;
    const alarms = this.#alarms;
    return new Consumer(this, name, { name, row, bus: this, settings, records, state, alarms });
  }
}

/**
 * Creates the queue for events that EventBridge cannot encrypt or decrypt with the customer managed key,
 * because the key is disabled or its policy was changed. The queue itself uses SQS's own key; otherwise these
 * events would be lost (EventBridge User Guide, "Using dead-letter queues to capture encrypted event
 * errors").
 */
function createBusDeadLetters(scope: Construct, busName: string): Queue {
  const queue = createFailureQueue(scope, 'BusDeadLetters', {
    queueName: `${busName}-bus-dead-letters`,
    role: 'spill',
    isReadableWithoutCustomerKey: true,
  });
  const busArn = Stack.of(scope).formatArn({ service: 'events', resource: `event-bus/${busName}` });
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': busArn } },
    }),
  );
  return queue;
}

/** Props of {@link Consumer}. */
export interface ConsumerProps {
  /** The consumer’s name: part of the names of its queue and function. */
  readonly name: string;
  /** The consumer's row. */
  readonly row: ConsumerRow;
  /** The bus of its rule. */
  readonly bus: FanoutBus;
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** The table with the idempotency records of consumers. Called only if the consumer needs it. */
  readonly records: () => ITable;
  /** The state table. Called only if the consumer has state. */
  readonly state: () => ITable;
  /** Creates its alarms. @default - the consumer has no alarms */
  readonly alarms?: Alarms | undefined;
  /** Whether the stack's watch function counts the messages in its dead-letter queue. @default false */
  readonly isWatched?: boolean;
}

type Connect<K extends ConsumerKind> = (context: ConsumerContext<K>) => ConsumerParts;

const connectByKind: { readonly [K in ConsumerKind]: Connect<K> } = {
  function: connectFunction,
  queue: connectQueue,
  https: connectHttps,
  bus: connectBus,
  firehose: connectFirehose,
  target: connectTarget,
};

/** A consumer: a rule on the bus, and the resources that its kind needs. */
export class Consumer extends Construct implements ConsumerParts {
  /** The consumer's row, as given. */
  readonly row: ConsumerRow;
  /** The rule that selects its events. */
  readonly rule: Rule;
  /** Of the kinds `function` and `queue`. */
  readonly queue?: Queue;
  /** Of the kinds `function` and `queue`. */
  readonly deadLetterQueue?: Queue;
  /** Of the kind `function`. */
  readonly function?: IFunction;
  /** Of the kind `https`: the secret that each request has in a header. */
  readonly secret?: ISecret;
  /** Of the kind `firehose`: the bucket with the files. */
  readonly bucket?: Bucket;

  /** @throws if the row is invalid: the error names the setting, the value, and what is allowed */
  constructor(scope: Construct, id: string, props: ConsumerProps) {
    const { name, settings } = props;
    const row = checkConsumer(name, props.row);
    super(scope, id);
    const connect = connectByKind[row.kind] as Connect<ConsumerKind>;
    const prefix = `whatsapp-${settings.stage}-${name}`;
    const context = { ...props, row, scope: this, prefix };
    const connected = connect(context);
    if (!connected.queue) {
      addDeliveryAlarm(context, connected.rule);
    }
    // The policy of the undeliverable queue must exist before the rule, or an event that cannot be delivered
    // would be lost. Not for the user's own target: it may have added to that policy, which then depends on
    // the rule.
    if (row.kind !== 'target') {
      connected.rule.node.addDependency(props.bus.undeliverable);
    }
    this.row = props.row;
    this.rule = connected.rule;
    this.queue = connected.queue;
    this.deadLetterQueue = connected.deadLetterQueue;
    this.function = connected.function;
    this.secret = connected.secret;
    this.bucket = connected.bucket;
  }
}
