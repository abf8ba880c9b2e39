import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type Alarms, alarmPeriod } from './alarms/alarms.ts';
import { oldest, waiting } from './alarms/metrics.ts';
import { connectFirehose } from './consumer-kinds/connect-firehose.ts';
import { connectFunction, connectQueue } from './consumer-kinds/connect-queued.ts';
import { connectBus, connectHttps, connectTarget } from './consumer-kinds/connect-target.ts';
import type { ConsumerContext, ConsumerParts } from './consumer-kinds/consumer-context.ts';
import {
  type CheckedRow,
  type ConsumerKind,
  type ConsumerRow,
  checkConsumer,
} from './consumer-row.ts';
import type { FanoutBus } from './fanout-bus.ts';
import type { Settings } from './settings.ts';

/** Props of {@link Consumer}. */
export interface ConsumerProps {
  /** The consumer’s name: part of the names of its queue and function. */
  readonly name: string;
  /** The consumer as it is written. */
  readonly row: ConsumerRow;
  /** The bus that its rule is on. */
  readonly bus: FanoutBus;
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** Where idempotent consumers note what they have begun and done. */
  readonly records: () => ITable;
  /** Where consumers keep state. */
  readonly state: () => ITable;
  /** What its alarms are made with. @default - it has none */
  readonly alarms?: Alarms | undefined;
  /** Whether the stack counts the events of its dead-letter queue. @default false */
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

/** One consumer: a rule, and whatever its kind has behind it. */
export class Consumer extends Construct implements ConsumerParts {
  /** As it was written. */
  readonly row: ConsumerRow;
  /** What lets its events through. */
  readonly rule: Rule;
  /** Of the kinds `function` and `queue`. */
  readonly queue?: Queue;
  /** Of the kinds `function` and `queue`. */
  readonly deadLetterQueue?: Queue;
  /** Of the kind `function`. */
  readonly function?: IFunction;
  /** Of the kind `https`: what each request carries in its header. */
  readonly secret?: ISecret;
  /** Of the kind `firehose`: where the files are. */
  readonly bucket?: Bucket;

  /** @throws when the row is wrong: says what, the bad value, and what is allowed */
  constructor(scope: Construct, id: string, props: ConsumerProps) {
    const { name, settings } = props;
    const row = checkConsumer(name, props.row);
    super(scope, id);
    const connect = connectByKind[row.kind] as Connect<ConsumerKind>;
    const prefix = `whatsapp-${settings.stage}-${name}`;
    const connected = connect({ ...props, row, scope: this, prefix });
    // An event that a rule cannot deliver before the undeliverable queue admits it would be lost. A target of the user's
    // own may have changed that queue's policy, which then waits for the rule.
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
    const { alarms, isWatched = false } = props;
    if (alarms) {
      addConsumerAlarms(this, alarms, { name, row, isWatched, ...connected });
    }
  }
}

/** What was made for a consumer, as far as alarms look at it. */
interface WatchedConsumer {
  /** The consumer’s name. */
  readonly name: string;
  /** As it was written, with its defaults. */
  readonly row: CheckedRow;
  /** Its queue. @default - consumers of its kind have none */
  readonly queue?: Queue;
  /** Its dead-letter queue. @default - consumers of its kind have none */
  readonly deadLetterQueue?: Queue;
  /** Whether the stack counts the events of its dead-letter queue. */
  readonly isWatched: boolean;
}

/**
 * The alarms of one consumer: on an oldest event that is too old. Its failed events are counted with all
 * others by the watch; where none counts them, because the consumer is in another stack, they have an alarm.
 */
function addConsumerAlarms(
  scope: Construct,
  alarms: Alarms,
  { name, row, queue, deadLetterQueue, isWatched }: WatchedConsumer,
): void {
  if (!queue || !deadLetterQueue) {
    return;
  }
  if (!isWatched) {
    alarms.add(scope, 'FailedAlarm', {
      kind: 'events-failed',
      subject: name,
      sentence: `The consumer ${name} could not process an event, which is now in its dead-letter queue.`,
      metric: waiting(deadLetterQueue, alarmPeriod),
      threshold: 1,
    });
  }
  const minutes = lateAfterMinutes(row);
  if (minutes > 0) {
    alarms.add(scope, 'LateAlarm', {
      kind: 'late',
      subject: name,
      sentence: `The oldest event for the consumer ${name} has been waiting for ${minutes} minutes.`,
      metric: oldest(queue, alarmPeriod),
      threshold: minutes * 60,
    });
  }
}

/** Minutes that an event may wait for a function; its redeliveries are over well before. */
const functionMinutes = 15;

/**
 * After how many minutes the oldest event is too old; 0 for never. 0 by default for a
 * queue that a service of the user's own reads: before that service exists, the alarm would always fire.
 */
function lateAfterMinutes(row: CheckedRow): number {
  if (row.kind !== 'function' && row.kind !== 'queue') {
    return 0;
  }
  if (row.alarmAgeMinutes !== undefined) {
    return row.alarmAgeMinutes;
  }
  if (row.kind === 'queue') {
    return 0;
  }
  // A message that was given out and not deleted is hidden for six timeouts.
  return Math.max(functionMinutes, Math.ceil(((row.timeoutSeconds ?? 30) * 12) / 60));
}
