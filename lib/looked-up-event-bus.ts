import { Stack } from 'aws-cdk-lib';
import { type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { alarmTopicName } from './alarms/alarm-topic.ts';
import { Alarms } from './alarms/alarms.ts';
import { busNameOf } from './bus-name.ts';
import { Consumer } from './consumer.ts';
import type { ConsumerRow } from './consumer-row.ts';
import { createExpiringTable } from './expiring-table.ts';
import { FanoutBus } from './fanout-bus.ts';
import { readSettings, type Settings } from './settings.ts';
import { stateTableName } from './state-table.ts';

/** Props of `WhatsAppEventBus.lookup`. */
export interface LookedUpBusProps {
  /** Name of the deployment. @default dev */
  readonly stage?: string;
  /** What applies to consumers that are added here. @default - the defaults of all settings */
  readonly settings?: Partial<Omit<Settings, 'stage'>>;
}

/** The bus of a deployment that exists already. */
export class LookedUpEventBus extends FanoutBus {
  readonly stage: string;
  readonly bus: IEventBus;
  readonly undeliverable: IQueue;
  readonly #settings: Settings;
  #claims: Table | undefined;
  #state: ITable | undefined;
  readonly #alarms?: Alarms;

  constructor(scope: Construct, id: string, { stage, settings }: LookedUpBusProps) {
    super(scope, id);
    const given: Readonly<Record<string, unknown>> = { ...settings, stage };
    this.#settings = readSettings((name) => given[name]);
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
   * Adds a consumer to this stack that hears the bus. Its name is part of its queue's, so no other
   * consumer of the deployment may have it.
   *
   * @throws when the row is wrong: says what, the bad value, and what is allowed
   */
  addConsumer(name: string, row: ConsumerRow): Consumer {
    const claims = () => {
      this.#claims ??= createExpiringTable(this, 'Claims');
      return this.#claims;
    };
    const state = () => {
      this.#state ??= Table.fromTableName(this, 'State', stateTableName(this.stage));
      return this.#state;
    };
    const settings = this.#settings;
    const alarms = this.#alarms;
    return new Consumer(this, name, { name, row, bus: this, settings, claims, state, alarms });
  }
}
