/**
 * Names that constructs, functions and operators' tools share. Each is defined here once. Changing a name
 * breaks existing deployments: it is then another metric, tag, attribute or variable.
 */

/**
 * Name of a deployment's bus. It is known at synth time, because not every emulator resolves a reference to a
 * bus.
 */
export const busNameOf = (stage: string): string => `whatsapp-${stage}`;

/** Name of a deployment's stack. */
export const stackNameOf = (stage: string): string => `WhatsAppEventFanout-${stage}`;

/** CloudWatch namespace of every metric that the functions emit. */
export const metricNamespace = 'WhatsAppEventFanout';

/** Metrics of ingest. */
export const ingestMetrics = {
  /** Events that ingest accepted. */
  accepted: 'Accepted',
  /** Requests that ingest refused, by {@link Refusal}. */
  refused: 'Refused',
  /** Events that deduplication recognized as not new, by {@link RepeatedResult}. */
  duplicates: 'Duplicates',
  /** Events that a filter rule dropped. */
  filtered: 'Filtered',
  /** Events that were published without a record for deduplication. */
  notRecorded: 'NotRecorded',
  /** Bodies that are stored as claim checks. */
  claimChecks: 'ClaimChecks',
  /** Events of the type `unrecognized`. */
  unrecognized: 'Unrecognized',
  /** Event names that the catalog does not know. */
  unknownEvents: 'UnknownEvents',
  /** Fields that the catalog does not know. */
  unknownFields: 'UnknownFields',
  /** Requests that were authenticated by the older of two secrets. */
  olderSecretUsed: 'OlderSecretUsed',
  /** Events that the bus refused and that were sent to the spill queue. */
  spilled: 'Spilled',
} as const;

/** Metrics of consumers. */
export const consumerMetrics = {
  /** Milliseconds from webhook to consumer. */
  latency: 'Latency',
  /** Failed attempts of a consumer. */
  failed: 'Failed',
  /** Events that an idempotent consumer had already handled. */
  alreadyDone: 'AlreadyDone',
} as const;

/** Metrics of the function that empties the spill queue. */
export const republishMetrics = {
  /** Events of the spill queue that were published. */
  republished: 'Republished',
} as const;

/** Metrics of the watch function, which counts every ten minutes. No data means none. */
export const watchMetrics = {
  /** Events in the failure queues: dead-letter queues, undeliverable, unrouted, spill. */
  failedEvents: 'FailedEvents',
  /** Sessions that are offline. */
  sessionsOffline: 'SessionsOffline',
  /** Sessions whose account WhatsApp has restricted. */
  sessionsRestricted: 'SessionsRestricted',
} as const;

/**
 * Name of the metric of requests that the API itself answered 429, from its access log. A metric filter can
 * use only fields of the line as dimensions, so the stage is part of the name.
 */
export const throttledMetricOf = (stage: string): string => `Throttled-${stage}`;

/**
 * Name of the metric of webhooks that were answered 5xx, from the access log and the log of ingest. It has no
 * dimensions, for the same reason as {@link throttledMetricOf}.
 */
export const failedMetricOf = (stage: string): string => `FailedWebhooks-${stage}`;

type ValueOf<T> = T[keyof T];

/** A metric that the functions emit. */
export type MetricName =
  | ValueOf<typeof ingestMetrics>
  | ValueOf<typeof consumerMetrics>
  | ValueOf<typeof republishMetrics>
  | ValueOf<typeof watchMetrics>;

/** The dimensions that a metric may have besides the stage. */
export type MetricDimension = 'Consumer' | 'Event' | 'Field' | 'Refusal' | 'Sender' | 'Result';

/** Why ingest refuses a request: the dimension `Refusal`, and the `error` in the response. */
export type Refusal =
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'not-a-post'
  | 'too-large'
  | 'in-progress'
  | 'unavailable'
  | 'internal';

/** The result of deduplication for an event that is not new: the dimension `Result`. */
export type RepeatedResult =
  | 'duplicate'
  | 'other-type'
  | 'in-progress'
  | 'conflict'
  | 'unavailable';

/** Tags of queues. */
export const queueTags = {
  /** What the queue is for: a {@link QueueRole}. */
  role: 'fanout:role',
  /** The consumer that the queue belongs to. */
  consumer: 'fanout:consumer',
  /** When the lease of a queue of `fanout tail` expires, ISO-8601 UTC. */
  expires: 'fanout:expires',
  /** The bus of the rule of a queue of `fanout tail`. */
  bus: 'fanout:bus',
} as const;

/**
 * Why messages are in a failure queue: a consumer failed (`dead-letters`), EventBridge could not reach the
 * target (`undeliverable`), no rule matched (`unrouted`), or the bus refused (`spill`).
 */
export const failureRoles = ['dead-letters', 'undeliverable', 'unrouted', 'spill'] as const;

/** See {@link failureRoles}. */
export type FailureRole = (typeof failureRoles)[number];

/** What a queue is for: to feed a consumer or a running `fanout tail`, or an end (see {@link failureRoles}). */
export type QueueRole = FailureRole | 'consumer' | 'tail';

/** Attributes of messages in queues. */
export const messageAttributes = {
  /** Why the message is in a dead-letter queue or in the spill queue. */
  reason: 'fanout.reason',
  /** Class of the error. */
  error: 'fanout.error',
  /** Message of the error, where the setting `handlerErrors` is `full`. */
  errorMessage: 'fanout.errorMessage',
  /** File, line and column where it was thrown, where the setting `handlerErrors` is `full`. */
  errorAt: 'fanout.errorAt',
  /** The consumer that could not process the event. */
  consumer: 'fanout.consumer',
  /** How often that consumer received the event. */
  attempts: 'fanout.attempts',
  /** Set by a redrive: a person has sent the event again. */
  redrive: 'fanout.redrive',
} as const;

/** The prefix of the names of {@link messageAttributes}, which no other attribute has. */
export const messageAttributePrefix = 'fanout.';

/** Metadata of resources for the local run. */
export const localMetadata = {
  /** `ignore`: a local run skips the resource. */
  resource: 'fanout:local',
  /** The environment variables from which a local run takes the value of a secret. */
  secretValue: 'fanout:local-value',
} as const;

/** The environment variables that the stack sets for consumers. A row cannot set them. */
export const consumerVariables = [
  // Every function
  'STAGE',
  'CHAT_HASH_KEY',
  'DEBUG_SAMPLE_PERCENT',
  'TRACING',
  // Functions that publish
  'BUS_NAME',
  // Consumers
  'BUS_ACCOUNT',
  'IDEMPOTENCY_TABLE',
  'CONSUMER',
  'DEAD_LETTER_QUEUE_URL',
  'HANDLER_ERRORS',
  'MAX_RECEIVE_COUNT',
  'QUEUE_URL',
  'TIMEOUT_SECONDS',
  // Consumers with state, and the watch
  'STATE_DAYS',
  'STATE_TABLE',
] as const;

/**
 * The environment variables of the functions. Code uses the names literally, `process.env.BUS_NAME`, so that
 * esbuild can remove code for a variable that is absent; the type checks writers and readers against this
 * list.
 */
export const functionVariables = [
  ...consumerVariables,
  // Ingest
  'ALLOWED_SOURCES',
  'AUTHENTICATION',
  'CLAIM_CHECK_BUCKET',
  'DEDUPLICATE',
  'DEDUPLICATION_TABLE',
  'IDENTITIES_TABLE',
  'MAX_BODY_BYTES',
  'FILTERS',
  'REPLAY_WINDOW_HOURS',
  'SIGNING_SECRET_ARN',
  'SPILL_QUEUE_URL',
  'URL_SECRET_ARN',
  // The watch
  'FAILURE_QUEUES',
  'UNDELIVERABLE_QUEUE_URL',
] as const;

/** See {@link functionVariables}. */
export type FunctionVariable = (typeof functionVariables)[number];

/** Environment variables of one of our functions. */
export type FunctionEnvironment = { readonly [Name in FunctionVariable]?: string };

/** The `source` of every event that this pipeline puts on the bus. */
export const eventSource = 'whatsapp';

/**
 * The prefix of the rules that `fanout replay` creates for one replay, so that archived events reach one
 * consumer only. The policies of queues admit such rules.
 */
export const replayRulePrefix = 'fanout-replay-';

/**
 * Deferred bundling, for the local run. With this CDK context, synthesis does not bundle the functions: the
 * asset of each has this file with its esbuild options instead of its code.
 */
export const deferredBundling = {
  context: 'fanout:deferred-bundling',
  file: 'esbuild.json',
} as const;
