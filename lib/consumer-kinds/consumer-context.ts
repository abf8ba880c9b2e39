import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { ConsumerRow } from '../consumer-row.ts';
import type { FanoutBus } from '../fanout-bus.ts';
import { heardPattern } from '../heard-pattern.ts';
import type { Settings } from '../settings.ts';

/** What a consumer of one kind is made with. */
export interface ConsumerContext<Row extends ConsumerRow> {
  /** The consumer's construct; what is made goes below it. */
  readonly scope: Construct;
  readonly name: string;
  /** Physical name of the consumer's queue and function, `whatsapp-<stage>-<name>`. */
  readonly prefix: string;
  readonly row: Row;
  readonly bus: FanoutBus;
  readonly settings: Settings;
  /** Where idempotent consumers note what they have begun and done. */
  readonly claims: () => ITable;
  /** Where consumers keep state. */
  readonly state: () => ITable;
}

/** What every consumer has. */
export interface ConnectedRule {
  readonly rule: Rule;
}

/** How hard EventBridge tries to reach a target, as CDK's targets take it. */
export interface Delivery {
  readonly deadLetterQueue: IQueue;
  readonly retryAttempts?: number;
  readonly maxEventAge?: Duration;
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
export const ruleOf = (row: ConsumerRow) => ({
  description: row.summary,
  pattern: heardPattern(row),
});
