import { type Duration, Lazy, Stack } from 'aws-cdk-lib';
import { type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Archive, type CfnArchive, EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import {
  AccountPrincipal,
  AnyPrincipal,
  Effect,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { busNameOf, eventSource } from '../events/names.ts';
import { Alarms, alarmTopicName } from './alarms/alarms.ts';
import { Consumer } from './consumer.ts';
import type { ConsumerRow } from './consumer-row.ts';
import { customerKeyOf } from './encryption.ts';
import { FanoutBus } from './fanout-bus.ts';
import { createFailureQueue } from './queue.ts';
import { readSettings } from './read-settings.ts';
import type { Settings } from './settings.ts';
import { createExpiringTable, stateTableName } from './tables.ts';

/** Props of {@link WhatsAppEventBus}. */
export interface WhatsAppEventBusProps {
  /** Name of the deployment; the bus is called `whatsapp-<stage>`. */
  readonly stage: string;
  /** How long the archive keeps events for replays. @default - there is no archive */
  readonly archive?: Duration | undefined;
  /** Other accounts and organizations that may add rules: their ids, separated by commas. @default none */
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

  constructor(scope: Construct, id: string, props: WhatsAppEventBusProps) {
    super(scope, id);
    const { stage, archive: retention, sharedWith = 'none' } = props;
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
    shareBus(this.bus, stage, sharedWith);
    if (retention) {
      const archive = new Archive(this, 'Archive', {
        archiveName: busName,
        description: 'Every event, for replays to one consumer',
        sourceEventBus: this.bus,
        eventPattern: { source: [eventSource] },
        retention,
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
}

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

  constructor(scope: Construct, id: string, { stage, settings }: LookedUpBusProps) {
    super(scope, id);
    const given: Readonly<Record<string, unknown>> = { ...settings, stage };
    this.#settings = readSettings((name) => given[name], 'the props of the lookup');
    this.stage = this.#settings.stage;
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

/**
 * The actions that another account needs to manage its own rules on the bus (EventBridge User Guide,
 * "Permissions for event buses"). CloudFormation's type AWS::Events::Rule reads targets and tags too.
 */
const ruleActions = [
  'events:PutRule',
  'events:DeleteRule',
  'events:DescribeRule',
  'events:DisableRule',
  'events:EnableRule',
  'events:ListTagsForResource',
  'events:ListTargetsByRule',
  'events:PutTargets',
  'events:RemoveTargets',
  'events:TagResource',
  'events:UntagResource',
];

/**
 * Allows other accounts, or all accounts of an organization, to add rules to a bus. An account can change
 * only the rules that it created: the policy compares the caller with the rule's creator (the same guide,
 * "Send events to the same account and restrict updates"). It cannot create a rule whose name the policies of
 * the stage's queues admit: such a rule could send anything to a consumer's queue.
 *
 * @param sharedWith `none`, or ids of accounts and organizations, separated by commas
 */
function shareBus(bus: EventBus, stage: string, sharedWith: string): void {
  if (sharedWith === 'none') {
    return;
  }
  const busName = busNameOf(stage);
  const rules = Stack.of(bus).formatArn({ service: 'events', resource: `rule/${busName}/*` });
  for (const id of new Set(sharedWith.split(','))) {
    const isOrganization = id.startsWith('o-');
    bus.addToResourcePolicy(
      new PolicyStatement({
        sid: `Rules${id.replaceAll(/[^a-z0-9]/g, '')}`,
        principals: [isOrganization ? new AnyPrincipal() : new AccountPrincipal(id)],
        actions: ruleActions,
        resources: [rules],
        conditions: {
          StringEqualsIfExists: { 'events:creatorAccount': '${aws:PrincipalAccount}' },
          ...(isOrganization && { StringEquals: { 'aws:PrincipalOrgID': id } }),
        },
      }),
    );
  }
  bus.addToResourcePolicy(
    new PolicyStatement({
      sid: 'OwnNames',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['events:PutRule', 'events:PutTargets'],
      resources: [`whatsapp-${stage}-*`, 'fanout-*'].map((names) =>
        Stack.of(bus).formatArn({ service: 'events', resource: `rule/${busName}/${names}` }),
      ),
      conditions: { StringNotEquals: { 'aws:PrincipalAccount': Stack.of(bus).account } },
    }),
  );
}

/** Props of {@link Unrouted}. */
export interface UnroutedProps {
  /** Name of the deployment. */
  readonly stage: string;
  /** The bus whose unrouted events are caught. */
  readonly bus: WhatsAppEventBus;
  /**
   * The detail-types that at least one consumer receives unconditionally. Called at synthesis, after all
   * consumers were added.
   */
  readonly subscribed: () => readonly string[];
}

/**
 * The catch-all rule. Events that no consumer subscribes to go to a queue; without such a rule EventBridge
 * discards them.
 */
export class Unrouted extends Construct {
  /** Holds the events that no consumer subscribes to. */
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { stage, bus, subscribed }: UnroutedProps) {
    super(scope, id);
    this.queue = createFailureQueue(this, 'Queue', {
      queueName: `whatsapp-${stage}-unrouted`,
      role: 'unrouted',
    });
    bus.addQueueRule(this, 'Rule', {
      ruleName: `whatsapp-${stage}-unrouted`,
      description: 'Events that no consumer subscribes to',
      pattern: Lazy.any({ produce: () => unroutedPattern(subscribed()) }) as unknown as object,
      queue: this.queue,
    });
  }
}

/** Matches events of other sources, and our events of types that no consumer subscribes to. */
export function unroutedPattern(subscribed: readonly string[]): object {
  // EventBridge does not accept an empty `anything-but`.
  if (subscribed.length === 0) {
    return { source: [{ exists: true }] };
  }
  return {
    $or: [
      { source: [{ 'anything-but': [eventSource] }] },
      {
        source: [eventSource],
        'detail-type': [{ 'anything-but': [...new Set(subscribed)].sort() }],
      },
    ],
  };
}
