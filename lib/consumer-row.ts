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
  documentationOf,
  full,
  hidden,
  oneOf,
  optional,
  required,
  show,
  taking,
  text,
  withDefault,
  yesOrNo,
} from './schema.ts';

const anyCategory: readonly (Category | Unrecognized)[] = [...categories, unrecognized.category];

/** A list with something in it. */
const listOf = <const S extends v.GenericSchema>(item: S) =>
  v.pipe(v.array(item), v.nonEmpty()) as v.GenericSchema<unknown> as v.GenericSchema<
    readonly v.InferOutput<S>[]
  >;

/** An event pattern as EventBridge takes it, 2,048 characters at most (EventBridge quotas). */
function isEventPattern(value: unknown): boolean {
  try {
    compilePattern(value as object);
    return JSON.stringify(value).length <= 2_048;
  } catch {
    return false;
  }
}

/** Where an API destination may lead; this machine is for local runs. */
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

/** What every consumer says of itself. */
const every = {
  summary: required(
    text(/^[^\r\n]{1,400}$/, 'one line of 1 to 400 characters'),
    'One sentence for the docs and for the rule’s description',
  ),
  categories: optional(
    taking(
      v.pipe(
        listOf(v.picklist(anyCategory)),
        v.check((list) => new Set(list).size === list.length),
      ),
      `a list of categories: ${anyCategory.join(', ')}`,
    ),
    'none: then there is a `pattern`',
    'The categories of events that its rule lets through',
  ),
  pattern: optional(
    taking(
      v.custom<EventPattern>(isEventPattern),
      'an event pattern of at most 2048 characters, as EventBridge takes it',
    ),
    'the types of `categories`',
    'Instead of categories: an event pattern of its own, made with `pattern()`',
  ),
};

/** Of those that EventBridge delivers to with retries. */
const ruleDelivery = {
  retryAttempts: optional(
    full(0, 185),
    '185',
    'Attempts of EventBridge after the first one; then the undeliverable queue',
  ),
  maxAgeMinutes: optional(
    full(1, 1_440),
    '1440',
    'Minutes after which EventBridge stops retrying; then the undeliverable queue',
  ),
};

/** Of those with a queue. */
const queued = {
  ...every,
  ...ruleDelivery,
  maxReceiveCount: withDefault(
    full(1, 1_000),
    5,
    'How often a message is received; then the dead-letter queue',
  ),
  retentionDays: optional(
    full(1, 13),
    'the setting `queueRetentionDays`',
    'Days that an unread event stays in the queue',
  ),
  alarmAgeMinutes: optional(
    full(0, 18_720),
    '15 with a function, or twelve of its timeouts; else none',
    'Minutes after which an alarm says that the oldest event is too old; 0 for no alarm',
  ),
};

const texts = listOf(v.pipe(v.string(), v.nonEmpty()));

const permission = v.object({
  actions: texts,
  resources: texts,
  conditions: v.optional(v.custom<Readonly<Record<string, unknown>>>(isRecord)),
});

/**
 * What a consumer of each kind may say besides its kind. Types, checks, errors, defaults and
 * docs/consumers.md come from these schemas. A row is data, so a value is plain and has its unit in its
 * name (`timeoutSeconds`); the constructs take `Duration` and `Size`.
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
      full(1, 10_000),
      '10; 100 where a batch may wait to get full',
      'Messages in one batch at most; more than 10 need a `batchWindowSeconds`',
    ),
    batchWindowSeconds: optional(
      full(0, 300),
      '0; with `state` the setting `stateBatchSeconds`',
      'Seconds that a batch may wait to get full',
    ),
    concurrency: optional(
      full(2, 1_000),
      'as many as Lambda lets through',
      'Batches at the same time at most',
    ),
    timeoutSeconds: withDefault(
      full(1, 900),
      30,
      'Seconds that one batch may take; the visibility timeout is six times as long',
    ),
    memoryMb: optional(full(128, 10_240), 'the setting `consumerMemoryMb`', 'Memory in MB'),
    // One read or two writes to DynamoDB for each event.
    idempotent: withDefault(yesOrNo, false, 'Whether each event id has its effect at most once'),
    state: withDefault(
      yesOrNo,
      false,
      'Whether it has a part of the state table (`STATE_TABLE`), under its own name, where the setting `state` lets it',
    ),
    publishes: withDefault(
      yesOrNo,
      false,
      'Whether it may put events on the bus (`BUS_NAME`). Each has `meta.hops: hopsAfter(event)`: consumers that publish because of one another end after 8',
    ),
    environment: optional(
      hidden(
        taking(
          v.custom<Readonly<Record<string, string>>>(isEnvironment),
          'texts by names of letters, digits and _',
        ),
      ),
      'none',
      'Environment variables; not for secrets',
    ),
    permissions: optional(
      taking(listOf(permission), 'a list of { actions, resources, conditions? } with texts in it'),
      'nothing',
      'What the function may do besides consuming its queue',
    ),
  }),
  /** A queue that a service of your own reads. */
  queue: v.object({
    ...queued,
    visibilityTimeoutSeconds: withDefault(
      full(0, 43_200),
      180,
      'Seconds that a message is hidden once it was received',
    ),
    readableBy: optional(
      taking(listOf(v.pipe(v.string(), v.regex(/^\d{12}$/))), 'a list of account ids of 12 digits'),
      'none',
      'Other AWS accounts that may read the queue',
    ),
  }),
  /** An endpoint that EventBridge posts each event to (an API destination). */
  https: v.object({
    ...every,
    ...ruleDelivery,
    endpoint: required(
      hidden(
        taking(
          v.custom<string>(isEndpoint),
          'an https: URL without credentials, or an http: URL of this machine',
        ),
      ),
      'Where to; `http:` is for a server on this machine in a local run',
    ),
    method: withDefault(oneOf('POST', 'PUT', 'PATCH'), 'POST', 'HTTP method'),
    secretHeader: withDefault(
      text(/^[A-Za-z0-9-]{1,100}$/, 'a header name of letters, digits and hyphens'),
      'x-api-key',
      'Name of the header that carries the secret',
    ),
    secretName: optional(
      text(/^[\w/+=.@-]{1,512}$/, 'the name of a secret'),
      'one is generated; give it to the endpoint',
      'Name of a secret in Secrets Manager, whose full text is sent',
    ),
    ratePerSecond: withDefault(full(1, 300), 300, 'Requests a second at most; what is above waits'),
  }),
  /** Another bus, in this or another account and region. */
  bus: v.object({
    ...every,
    busArn: required(
      text(
        /^arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]{1,256}$/,
        'the ARN of an event bus',
      ),
      'ARN of the bus; one in another account must let this account put events on it',
    ),
  }),
  /** Files of compressed NDJSON in a bucket, for analytics. */
  firehose: v.object({
    ...every,
    ...ruleDelivery,
    bufferSeconds: withDefault(full(0, 900), 300, 'Seconds after which a file is written'),
    bufferMegabytes: withDefault(full(1, 128), 5, 'MB after which a file is written earlier'),
    expireDays: withDefault(full(1, 36_500), 365, 'Days that files are kept'),
  }),
  /** Any target that EventBridge has. */
  target: v.object({
    ...every,
    ...ruleDelivery,
    target: required(
      hidden(
        taking(
          v.custom<IRuleTarget | ((undeliverable: IQueue) => IRuleTarget)>(isTarget),
          'an IRuleTarget or a function',
        ),
      ),
      'An `IRuleTarget`, or a function that makes one of the undeliverable queue',
    ),
  }),
};

/** How a consumer gets its events. */
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
/** Any target that EventBridge has. */
export type TargetConsumer = RowOf<'target'>;
/** Something that a function is allowed. */
export type Permission = v.InferInput<typeof permission>;

/** One consumer: its name, its subscription, and how events are delivered. It has `categories` or `pattern`, not both. */
export type ConsumerRow = RowOf<ConsumerKind>;

/** Those of a table that have a queue of their own, with their names. */
export function queuedConsumers(
  consumers: Readonly<Record<string, ConsumerRow>>,
): (readonly [name: string, row: FunctionConsumer | QueueConsumer])[] {
  return Object.entries(consumers).flatMap(([name, row]) =>
    row.kind === 'function' || row.kind === 'queue' ? [[name, row] as const] : [],
  );
}

/**
 * Names become part of the names of queues (80 characters) and functions (64), beside the stage's 20.
 */
const allowedName = /^[a-z][a-z0-9-]{0,29}$/;

/** Names that are those of other queues, tables and functions of the stack. */
const takenNames = [
  'idempotency',
  'ingest',
  'deduplication',
  'republish',
  'spill',
  'state',
  'undeliverable',
  'unrouted',
  'watch',
];

/** Whether a consumer may be called so. */
export function isConsumerName(name: string): boolean {
  return allowedName.test(name) && !name.endsWith('-dead-letters') && !takenNames.includes(name);
}

/**
 * Checks a consumer as it was written, and fills in the defaults.
 *
 * @throws when something is wrong: one sentence for each setting, with the value and what is allowed
 */
export function checkConsumer(name: string, row: ConsumerRow): CheckedRow {
  if (!isConsumerName(name)) {
    throw new Error(
      `A consumer is called ${show(name)}, but its name must be 1 to 30 lower-case letters, digits ` +
        `and hyphens, a letter first, and neither end in -dead-letters nor be one of ${takenNames.join(', ')}.`,
    );
  }
  const { kind, ...given } = row;
  if (!Object.hasOwn(consumerKinds, kind ?? '')) {
    throw new Error(wrongValue(name, 'kind', show(kind), oneOfKinds));
  }
  const schema: v.ObjectSchema<v.ObjectEntries, undefined> = consumerKinds[kind];
  const result = v.safeParse(schema, given);
  const wrong = [
    ...unknownSettings(name, kind, given),
    ...wrongSettings(name, kind, given, result.issues ?? []),
    ...contradictionsIn(name, row),
  ];
  if (!result.success || wrong.length > 0) {
    throw new Error(wrong.join('\n'));
  }
  return { kind, ...result.output } as CheckedRow;
}

const oneOfKinds = `one of ${Object.keys(consumerKinds).join(', ')}`;

const wrongValue = (name: string, setting: string, shown: string, allowed: string) =>
  `The consumer "${name}" has ${setting} ${shown}, but it must be ${allowed}.`;

function unknownSettings(name: string, kind: ConsumerKind, given: object): readonly string[] {
  const known = consumerKinds[kind].entries;
  return Object.keys(given)
    .filter((setting) => !Object.hasOwn(known, setting))
    .map(
      (setting) =>
        `The consumer "${name}" has the setting ${show(setting)}, which a consumer of the kind ` +
        `${kind} does not have. It has: ${Object.keys(known).join(', ')}.`,
    );
}

function wrongSettings(
  name: string,
  kind: ConsumerKind,
  given: Readonly<Record<string, unknown>>,
  issues: readonly v.BaseIssue<unknown>[],
): readonly string[] {
  const entries: Readonly<Record<string, v.GenericSchema>> = consumerKinds[kind].entries;
  return Object.entries(entries)
    .filter(([setting]) => issues.some(({ path }) => path?.[0]?.key === setting))
    .map(([setting, schema]) => {
      const { allowed, isPrivate } = documentationOf(schema);
      const isHidden = isPrivate && given[setting] !== undefined;
      const shown = isHidden
        ? 'of another form (not shown, it may be secret)'
        : show(given[setting]);
      return wrongValue(name, setting, shown, allowed);
    });
}

/** What is wrong although each setting may have an allowed form. */
function contradictionsIn(name: string, row: ConsumerRow): readonly string[] {
  const wrong: string[] = [];
  if ((row.categories === undefined) === (row.pattern === undefined)) {
    wrong.push(
      `The consumer "${name}" has ${row.categories ? 'both categories and pattern' : 'neither categories nor pattern'}, but must have one of them.`,
    );
  }
  if (row.kind === 'function' && isLargeBatch(row.batchSize) && !row.batchWindowSeconds) {
    const { batchSize } = row;
    wrong.push(
      wrongValue(name, 'batchSize', show(batchSize), 'at most 10 without batchWindowSeconds'),
    );
  }
  return wrong;
}

/** Lambda takes more than 10 messages of SQS in one batch only where the batch may wait to get full. */
const isLargeBatch = (size: unknown) => typeof size === 'number' && size > 10;
