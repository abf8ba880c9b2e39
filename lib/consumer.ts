import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { addConsumerAlarms } from './alarms/add-alarms.ts';
import type { Alarms } from './alarms/alarms.ts';
import { connectFirehose } from './consumer-kinds/connect-firehose.ts';
import { connectHttps } from './consumer-kinds/connect-https.ts';
import { connectFunction, connectQueue } from './consumer-kinds/connect-queued.ts';
import { connectBus, connectTarget } from './consumer-kinds/connect-target.ts';
import type { ConsumerContext, ConsumerParts } from './consumer-kinds/consumer-context.ts';
import { type ConsumerKind, type ConsumerRow, checkConsumer } from './consumer-row.ts';
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
