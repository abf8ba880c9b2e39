import { compilePattern } from '@event-fanout/event-pattern';
import type { IRuleTarget } from 'aws-cdk-lib/aws-events';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import * as v from 'valibot';
import { type Category, categories } from '../events/catalog.ts';
import type { Unrecognized } from '../events/envelope.ts';
import { isRecord } from '../events/own.ts';
import type { EventPattern } from '../events/pattern.ts';
import { unrecognized } from '../events/unrecognized.ts';
import {
  allowing,
  hidden,
  integer,
  oneOf,
  optional,
  orReference,
  required,
  text,
  withDefault,
  yesOrNo,
} from './schema.ts';
import { maxQueueDays } from './settings.ts';

const anyCategory: readonly (Category | Unrecognized)[] = [...categories, unrecognized.category];

/** A list with at least one item. */
const listOf = <const S extends v.GenericSchema>(item: S) =>
  v.pipe(v.array(item), v.nonEmpty()) as v.GenericSchema<unknown> as v.GenericSchema<
    readonly v.InferOutput<S>[]
  >;

/**
 * Whether a value is an event pattern that EventBridge accepts: at most 2,048 characters (EventBridge
 * quotas).
 */
function isEventPattern(value: unknown): boolean {
  try {
    compilePattern(value as object);
    return JSON.stringify(value).length <= 2_048;
  } catch {
    return false;
  }
}

/** Whether a value is a URL that an API destination accepts. `localhost` is allowed for local runs. */
function isEndpoint(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) {
    return false;
  }
  const { protocol, hostname, username, password } = new URL(value);
  if (username !== '' || password !== '') {
    return false;
  }
  return (
    protocol === 'https:' ||
    (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
  );
}

const isEnvironment = (value: unknown) =>
  isRecord(value) &&
  Object.entries(value).every(
    ([name, content]) => /^[A-Za-z][A-Za-z0-9_]{0,99}$/.test(name) && typeof content === 'string',
  );

const isTarget = (value: unknown) =>
  typeof value === 'function' || (typeof value === 'object' && value !== null && 'bind' in value);

/** The settings that every consumer has. */
const every = {
  summary: required(
    text(/^[^\r\n]{1,400}$/, 'one line of 1 to 400 characters'),
    'One sentence for the docs and for the rule’s description',
  ),
  categories: optional(
    allowing(
      v.pipe(
        listOf(v.picklist(anyCategory)),
        v.check((list) => new Set(list).size === list.length),
      ),
      `a list of categories: ${anyCategory.join(', ')}`,
    ),
    'none; required without `pattern`',
    'Categories of events that the consumer subscribes to',
  ),
  pattern: optional(
    allowing(
      v.custom<EventPattern>(isEventPattern),
      'an event pattern of at most 2048 characters, as EventBridge takes it',
    ),
    'the types of `categories`',
    'Event pattern instead of `categories`, created with `pattern()`',
  ),
};

/** The settings of consumers that EventBridge delivers to directly, with its own retries. */
const ruleDelivery = {
  retryAttempts: optional(
    integer(0, 185),
    '185',
    'Retries of EventBridge before the event goes to the undeliverable queue',
  ),
  maxAgeMinutes: optional(
    integer(1, 1_440),
    '1440',
    'Minutes after which EventBridge stops retrying, and the event goes to the undeliverable queue',
  ),
};

/** The settings of consumers that have a queue. */
const queued = {
  ...every,
  ...ruleDelivery,
  maxReceiveCount: withDefault(
    integer(1, 1_000),
    5,
    'Number of receives after which a message goes to the dead-letter queue',
  ),
  retentionDays: optional(
    integer(1, maxQueueDays),
    'the setting `queueRetentionDays`',
    'Days that an unread event stays in the queue',
  ),
  alarmAgeMinutes: optional(
    integer(0, 18_720),
    '15 minutes with a function, or 12 times its timeout if that is longer; otherwise no alarm',
    'Age in minutes of the oldest event at which an alarm fires; 0 for no alarm',
  ),
};

const texts = listOf(v.pipe(v.string(), v.nonEmpty()));

const permission = v.object({
  actions: texts,
  resources: texts,
  conditions: v.optional(v.custom<Readonly<Record<string, unknown>>>(isRecord)),
});

/**
 * The settings of each kind of consumer. Types, checks, errors, defaults and docs/consumers.md are derived
 * from these schemas. A row is data, so its values are plain and have their unit in the name
 * (`timeoutSeconds`); the constructs take `Duration` and `Size`.
 */
export const consumerKinds = {
  /** A queue, and a function that runs a handler file for each event. */
  function: v.object({
    ...queued,
    entry: optional(
      text(/^.+\.[cm]?[jt]s$/, 'the path of a TypeScript or JavaScript file'),
      '`lambdas/consumers/<name>.ts`',
      'The handler’s source, which exports `handler`',
    ),
    batchSize: optional(
      integer(1, 10_000),
      '10; 100 with a batch window',
      'Maximum number of messages in one batch; more than 10 need a `batchWindowSeconds`',
    ),
    batchWindowSeconds: optional(
      integer(0, 300),
      '0; with `state` the setting `stateBatchSeconds`',
      'Seconds that Lambda waits for a batch to fill',
    ),
    concurrency: optional(
      integer(2, 1_000),
      'as many as Lambda allows',
      'Maximum number of batches at the same time',
    ),
    timeoutSeconds: withDefault(
      integer(1, 900),
      30,
      'Timeout of the function in seconds, for one batch; the visibility timeout is six times as long',
    ),
    memoryMb: optional(integer(128, 10_240), 'the setting `consumerMemoryMb`', 'Memory in MB'),
    // Costs one read or two writes of DynamoDB for each event.
    idempotent: withDefault(
      yesOrNo,
      false,
      'Whether the handler runs at most once for each event id',
    ),
    state: withDefault(
      yesOrNo,
      false,
      'Whether the function may use the state table (`STATE_TABLE`), for items under its own name, if the setting `state` allows it',
    ),
    publishes: withDefault(
      yesOrNo,
      false,
      'Whether the function may publish to the bus (`BUS_NAME`). Its events must have `meta.hops: hopsAfter(event)`, which ends loops between consumers after 8 events',
    ),
    environment: optional(
      hidden(
        allowing(
          v.custom<Readonly<Record<string, string>>>(isEnvironment),
          'texts by names of letters, digits and _',
        ),
      ),
      'none',
      'Environment variables, with names that the stack does not set itself; not for secrets',
    ),
    permissions: optional(
      allowing(
        listOf(permission),
        'a list of { actions, resources, conditions? } with texts in it',
      ),
      'nothing',
      'Permissions of the function in addition to consuming its queue',
    ),
  }),
  /** A queue that a service of your own reads. */
  queue: v.object({
    ...queued,
    visibilityTimeoutSeconds: withDefault(
      integer(0, 43_200),
      180,
      'Seconds that a received message is hidden from other receivers',
    ),
    readableBy: optional(
      allowing(
        listOf(v.pipe(v.string(), v.regex(/^\d{12}$/))),
        'a list of account ids of 12 digits',
      ),
      'none',
      'Other AWS accounts that may read the queue',
    ),
  }),
  /** An endpoint that EventBridge posts each event to (an API destination). */
  https: v.object({
    ...every,
    ...ruleDelivery,
    endpoint: required(
      orReference(
        hidden(
          allowing(
            v.custom<string>(isEndpoint),
            'an https: URL without credentials, or an http: URL of this machine',
          ),
        ),
      ),
      'URL that events are sent to; `http:` is for a server on this machine in a local run',
    ),
    method: withDefault(oneOf('POST', 'PUT', 'PATCH'), 'POST', 'HTTP method'),
    secretHeader: withDefault(
      text(/^[A-Za-z0-9-]{1,100}$/, 'a header name of letters, digits and hyphens'),
      'x-api-key',
      'Name of the header that carries the secret',
    ),
    secretName: optional(
      orReference(text(/^[\w/+=.@-]{1,512}$/, 'the name of a secret')),
      'a generated secret, which you configure at the endpoint',
      'Name of a secret in Secrets Manager; its full text is sent',
    ),
    ratePerSecond: withDefault(
      integer(1, 300),
      300,
      'Maximum number of requests a second; further events wait',
    ),
  }),
  /** Another bus, in this or another account and region. */
  bus: v.object({
    ...every,
    busArn: required(
      orReference(
        text(
          /^arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]{1,256}$/,
          'the ARN of an event bus',
        ),
      ),
      'ARN of the bus; in another account, its policy must allow this account to put events on it',
    ),
  }),
  /** Files of compressed NDJSON in a bucket, for analytics. */
  firehose: v.object({
    ...every,
    ...ruleDelivery,
    bufferSeconds: withDefault(integer(0, 900), 300, 'Seconds after which a file is written'),
    bufferMegabytes: withDefault(integer(1, 128), 5, 'MB after which a file is written earlier'),
    expireDays: withDefault(integer(1, 36_500), 365, 'Days that files are kept'),
  }),
  /** Any target that EventBridge supports. */
  target: v.object({
    ...every,
    ...ruleDelivery,
    target: required(
      hidden(
        allowing(
          v.custom<IRuleTarget | ((undeliverable: IQueue) => IRuleTarget)>(isTarget),
          'an IRuleTarget or a function',
        ),
      ),
      'An `IRuleTarget`, or a function that creates one from the undeliverable queue',
    ),
  }),
};

/** The kinds of consumers: how a consumer receives its events. */
export type ConsumerKind = keyof typeof consumerKinds;

/** The row of one kind, as it is written. */
export type RowOf<K extends ConsumerKind> = {
  [Kind in K]: { readonly kind: Kind } & Readonly<v.InferInput<(typeof consumerKinds)[Kind]>>;
}[K];

/** The row of one kind, checked, with its defaults. */
export type CheckedRow<K extends ConsumerKind = ConsumerKind> = {
  [Kind in K]: { readonly kind: Kind } & Readonly<v.InferOutput<(typeof consumerKinds)[Kind]>>;
}[K];

/** A queue, and a function that runs a handler file for each event. */
export type FunctionConsumer = RowOf<'function'>;
/** A queue that a service of your own reads. */
export type QueueConsumer = RowOf<'queue'>;
/** An endpoint that EventBridge posts each event to (an API destination). */
export type HttpsConsumer = RowOf<'https'>;
/** Another bus, in this or another account and region. */
export type BusConsumer = RowOf<'bus'>;
/** Files of compressed NDJSON in a bucket, for analytics. */
export type FirehoseConsumer = RowOf<'firehose'>;
/** Any target that EventBridge supports. */
export type TargetConsumer = RowOf<'target'>;
/** An additional permission of a function. */
export type Permission = v.InferInput<typeof permission>;

/**
 * The row of one consumer: its subscription, and how events are delivered. It has either `categories` or
 * `pattern`.
 */
export type ConsumerRow = RowOf<ConsumerKind>;

/** The consumers that have a queue, with their names. */
export function queuedConsumers(
  consumers: Readonly<Record<string, ConsumerRow>>,
): (readonly [name: string, row: FunctionConsumer | QueueConsumer])[] {
  return Object.entries(consumers).flatMap(([name, row]) =>
    row.kind === 'function' || row.kind === 'queue' ? [[name, row] as const] : [],
  );
}
