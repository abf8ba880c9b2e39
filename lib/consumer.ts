import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type Alarms, alarmPeriod } from './alarms/alarms.ts';
import { oldest, waiting } from './alarms/metrics.ts';
import { checkConsumer } from './check-consumer.ts';
import { connectFirehose } from './consumer-kinds/connect-firehose.ts';
import { connectFunction, connectQueue } from './consumer-kinds/connect-queued.ts';
import { connectBus, connectHttps, connectTarget } from './consumer-kinds/connect-target.ts';
import type { ConsumerContext, ConsumerParts } from './consumer-kinds/consumer-context.ts';
import type { CheckedRow, ConsumerKind, ConsumerRow } from './consumer-row.ts';
import type { FanoutBus } from './fanout-bus.ts';
import type { Settings } from './settings.ts';

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

/** One consumer: a rule, and the resources that its kind needs behind the rule. */
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
    const connected = connect({ ...props, row, scope: this, prefix });
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
    const { alarms, isWatched = false } = props;
    if (alarms) {
      addConsumerAlarms(this, alarms, { name, row, isWatched, ...connected });
    }
  }
}

/** The parts of a consumer that alarms watch. */
interface WatchedConsumer {
  /** The consumer’s name. */
  readonly name: string;
  /** The consumer's row, with defaults filled in. */
  readonly row: CheckedRow;
  /** Its queue. @default - this kind of consumer has none */
  readonly queue?: Queue;
  /** Its dead-letter queue. @default - this kind of consumer has none */
  readonly deadLetterQueue?: Queue;
  /** Whether the stack's watch function counts the messages in its dead-letter queue. */
  readonly isWatched: boolean;
}

/**
 * Adds the alarms of one consumer. An alarm fires if the oldest event in its queue is too old. The watch
 * function counts its failed events together with all others; a consumer in another stack is not counted
 * there, and has an alarm of its own for them.
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

/** Minutes that an event may wait for a function. All its redeliveries end well before. */
const functionMinutes = 15;

/**
 * The age in minutes from which the oldest event is too old; 0 disables the alarm. The default is 0 for a
 * queue that a service of the user reads: before that service exists, the alarm would always fire.
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
  // A message that was received and not deleted is hidden for six timeouts.
  return Math.max(functionMinutes, Math.ceil(((row.timeoutSeconds ?? 30) * 12) / 60));
}
