import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Alarms } from '../alarms/alarms.ts';
import type { CheckedRow, ConsumerKind } from '../consumer-row.ts';
import type { Delivery, FanoutBus } from '../fanout-bus.ts';
import type { Settings } from '../settings.ts';
import { subscriptionPattern } from '../subscription.ts';

/** Everything that is needed to create a consumer of one kind. */
export interface ConsumerContext<K extends ConsumerKind = ConsumerKind> {
  /** The consumer's construct, the scope of its resources. */
  readonly scope: Construct;
  /** The consumer's name. */
  readonly name: string;
  /** Physical name of the consumer's queue and function, `whatsapp-<stage>-<name>`. */
  readonly prefix: string;
  /** The consumer's row, with defaults filled in. */
  readonly row: CheckedRow<K>;
  /** The bus of its rule. */
  readonly bus: FanoutBus;
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** The table with the idempotency records of consumers. Created at the first call. */
  readonly records: () => ITable;
  /** The state table. Created at the first call. */
  readonly state: () => ITable;
  /** Creates the consumer's alarms. @default - the consumer has no alarms */
  readonly alarms?: Alarms | undefined;
  /** Whether the stack's watch function counts the messages in its dead-letter queue. @default false */
  readonly isWatched?: boolean;
}

/** The resources that every consumer has. */
export interface ConnectedRule {
  /** The rule that selects its events. */
  readonly rule: Rule;
}

/** The resources of a consumer. Which of them exist depends on its kind. */
export interface ConsumerParts extends ConnectedRule {
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
}

/** The delivery settings of a row. Events that cannot be delivered go to the undeliverable queue. */
export function deliveryOf(
  row: { readonly retryAttempts?: number; readonly maxAgeMinutes?: number },
  { undeliverable }: FanoutBus,
): Delivery {
  return {
    deadLetterQueue: undeliverable,
    retryAttempts: row.retryAttempts,
    maxEventAge: row.maxAgeMinutes === undefined ? undefined : Duration.minutes(row.maxAgeMinutes),
  };
}

/** The props of a consumer's rule, without its target. */
export const ruleOf = ({ prefix, row }: Pick<ConsumerContext, 'prefix' | 'row'>) => ({
  ruleName: prefix,
  description: row.summary,
  pattern: subscriptionPattern(row),
});
