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
import { connectFunction } from './consumer-kinds/connect-function.ts';
import { connectHttps } from './consumer-kinds/connect-https.ts';
import { connectQueue } from './consumer-kinds/connect-queue.ts';
import { connectBus, connectTarget } from './consumer-kinds/connect-target.ts';
import type { ConsumerContext } from './consumer-kinds/consumer-context.ts';
import { type ConsumerKind, type ConsumerRow, checkConsumer } from './consumer-row.ts';
import type { FanoutBus } from './fanout-bus.ts';
import type { Settings } from './settings.ts';

/** Props of {@link Consumer}. */
export interface ConsumerProps {
  readonly name: string;
  readonly row: ConsumerRow;
  readonly bus: FanoutBus;
  readonly settings: Settings;
  /** Where idempotent consumers note what they have begun and done. */
  readonly claims: () => ITable;
  /** Where consumers keep state. */
  readonly state: () => ITable;
  /** What its alarms are made with. @default - it has none */
  readonly alarms?: Alarms | undefined;
}

/** What was made for a consumer, as far as its kind has it. */
interface Connected {
  readonly rule: Rule;
  readonly queue?: Queue;
  readonly deadLetterQueue?: Queue;
  readonly function?: IFunction;
  readonly secret?: ISecret;
  readonly bucket?: Bucket;
}

type Connect<K extends ConsumerKind> = (context: ConsumerContext<K>) => Connected;

const connectByKind: { readonly [K in ConsumerKind]: Connect<K> } = {
  function: connectFunction,
  queue: connectQueue,
  https: connectHttps,
  bus: connectBus,
  firehose: connectFirehose,
  target: connectTarget,
};

/** One consumer: a rule, and whatever its kind has behind it. */
export class Consumer extends Construct {
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
    this.row = props.row;
    this.rule = connected.rule;
    this.queue = connected.queue;
    this.deadLetterQueue = connected.deadLetterQueue;
    this.function = connected.function;
    this.secret = connected.secret;
    this.bucket = connected.bucket;
    if (props.alarms) addConsumerAlarms(this, props.alarms, { name, row, settings, ...connected });
  }
}
