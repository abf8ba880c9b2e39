import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { CheckedRow, ConsumerKind } from '../consumer-row.ts';
import type { Delivery, FanoutBus } from '../fanout-bus.ts';
import type { Settings } from '../settings.ts';
import { subscriptionPattern } from '../subscription.ts';

/** What a consumer of one kind is made with. */
export interface ConsumerContext<K extends ConsumerKind = ConsumerKind> {
  /** The consumer's construct; what is made goes below it. */
  readonly scope: Construct;
  /** The consumer's name. */
  readonly name: string;
  /** Physical name of the consumer's queue and function, `whatsapp-<stage>-<name>`. */
  readonly prefix: string;
  /** As it was written, with its defaults. */
  readonly row: CheckedRow<K>;
  /** The bus that its rule is on. */
  readonly bus: FanoutBus;
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** Where idempotent consumers note what they have begun and done. */
  readonly records: () => ITable;
  /** Where consumers keep state. */
  readonly state: () => ITable;
}

/** What every consumer has. */
export interface ConnectedRule {
  /** What lets its events through. */
  readonly rule: Rule;
}

/** What was made for a consumer, as far as its kind has it. */
export interface ConsumerParts extends ConnectedRule {
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
}

/** What a row says of its delivery; what cannot be delivered goes to the undeliverable queue. */
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

/** What a consumer's rule is made of, besides its target. */
export const ruleOf = ({ prefix, row }: Pick<ConsumerContext, 'prefix' | 'row'>) => ({
  ruleName: prefix,
  description: row.summary,
  pattern: subscriptionPattern(row),
});
