import type { IRuleTarget } from 'aws-cdk-lib/aws-events';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Category } from '../events/catalog.ts';
import type { Unrecognized } from '../events/envelope.ts';
import type { EventPattern } from '../events/pattern.ts';

/** One consumer: who it is, what it hears, and how it is delivered. */
export type ConsumerRow =
  | FunctionConsumer
  | QueueConsumer
  | HttpsConsumer
  | BusConsumer
  | FirehoseConsumer
  | TargetConsumer;

/** How a consumer gets its events. */
export type ConsumerKind = ConsumerRow['kind'];

/** The row of one kind. */
export type RowOf<K extends ConsumerKind> = Extract<ConsumerRow, { readonly kind: K }>;

/**
 * What every consumer says of itself. It names `hears` or `pattern`, not both; what is allowed where,
 * and each default, stands in {@link file://./consumer-settings.ts}.
 */
interface EveryConsumer {
  /** One sentence for the docs and for the rule's description. */
  readonly summary: string;
  /** The categories of events that its rule lets through. */
  readonly hears?: readonly (Category | Unrecognized)[];
  /** Instead of categories: a rule of its own, made with `pattern()`. */
  readonly pattern?: EventPattern;
}

/** How hard EventBridge tries before an event goes to the undeliverable queue. */
interface RuleDelivery {
  /** Attempts after the first one, 0 to 185. @default 185 */
  readonly retryAttempts?: number;
  /** Minutes after which EventBridge gives up, 1 to 1,440. @default 1440 */
  readonly maxAgeMinutes?: number;
}

/** A consumer with a queue of its own, and a dead-letter queue behind it. */
interface QueuedConsumer extends EveryConsumer, RuleDelivery {
  /** How often a message is given out before it goes to the dead-letter queue. @default 5 */
  readonly maxReceiveCount?: number;
  /** Days that an unread event stays. @default - the setting `queueRetentionDays` */
  readonly retentionDays?: number;
  /**
   * Minutes after which the oldest event is too old, and an alarm says so; 0 for no such alarm.
   *
   * @default - with a function 15, or twelve of its timeouts; without one three quarters of the retention
   */
  readonly alarmAgeMinutes?: number;
}

/** A queue, and a function that runs a handler file for each event. */
export interface FunctionConsumer extends QueuedConsumer {
  readonly kind: 'function';
  /** The handler's source; exports `handler`. @default lambdas/consumers/<name>.ts of this package */
  readonly entry?: string;
  /** Messages in one batch at most; more than 10 only with a window. @default 10 */
  readonly batchSize?: number;
  /**
   * Seconds that a batch may wait to get full.
   *
   * @default - 0; with `keepsState` the setting `stateBatchSeconds`
   */
  readonly batchWindowSeconds?: number;
  /** Batches at the same time at most. @default - as many as Lambda lets through */
  readonly concurrency?: number;
  /** Seconds that one batch may take. The queue's visibility timeout is six times as long. @default 30 */
  readonly timeoutSeconds?: number;
  /** Memory in MB. @default - the setting `consumerMemoryMb` */
  readonly memoryMb?: number;
  /**
   * Whether each event id has its effect at most once, whatever is delivered twice and whenever the
   * function is killed: one read or two writes to DynamoDB for each event.
   *
   * @default false
   */
  readonly idempotent?: boolean;
  /**
   * Whether it has a part of the state table: the environment says which table, and the role lets it
   * read and write items whose partition key begins with the consumer's name and `#`. `'if-asked'`:
   * only where the setting `keepState` names it or is `all`.
   *
   * @default false
   */
  readonly keepsState?: boolean | 'if-asked';
  /** Whether it may put events on the bus, which the environment names. @default false */
  readonly publishes?: boolean;
  /** Environment variables. Not for secrets: whoever may see the function sees them. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** What the function may do besides consuming its queue. @default - nothing */
  readonly permissions?: readonly Permission[];
}

/** Something that a function is allowed. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, unknown>>;
}

/** A queue that a service of your own reads. */
export interface QueueConsumer extends QueuedConsumer {
  readonly kind: 'queue';
  /** Seconds that a message is hidden once it was given out. @default 180 */
  readonly visibilityTimeoutSeconds?: number;
  /** Ids of other AWS accounts that may read the queue. @default - none */
  readonly readableBy?: readonly string[];
}

/** An endpoint that EventBridge posts each event to (an API destination). */
export interface HttpsConsumer extends EveryConsumer, RuleDelivery {
  readonly kind: 'https';
  /** Where to; `http:` is for a server on this machine in a local run only. */
  readonly endpoint: string;
  /** @default POST */
  readonly method?: 'POST' | 'PUT' | 'PATCH';
  /** Name of the header that carries the secret. @default x-api-key */
  readonly secretHeader?: string;
  /** Name of a secret in Secrets Manager. @default - one is generated; give it to the endpoint */
  readonly secretName?: string;
  /** Requests a second at most, 1 to 300; what is above waits. @default 300 */
  readonly ratePerSecond?: number;
}

/** Another bus, in this or another account and region. */
export interface BusConsumer extends EveryConsumer {
  readonly kind: 'bus';
  /** ARN of the bus. One in another account must let this account put events on it. */
  readonly busArn: string;
}

/** Files of compressed NDJSON in a bucket, for analytics. */
export interface FirehoseConsumer extends EveryConsumer, RuleDelivery {
  readonly kind: 'firehose';
  /** Seconds after which a file is written. @default 300 */
  readonly bufferSeconds?: number;
  /** MB after which a file is written earlier. @default 5 */
  readonly bufferMegabytes?: number;
  /** Days that files are kept. @default 365 */
  readonly expireDays?: number;
}

/** Any target that EventBridge has. */
export interface TargetConsumer extends EveryConsumer, RuleDelivery {
  readonly kind: 'target';
  /** The target; as a function it is given the undeliverable queue. */
  readonly target: IRuleTarget | ((undeliverable: IQueue) => IRuleTarget);
}
