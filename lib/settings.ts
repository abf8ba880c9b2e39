import type * as v from 'valibot';
import { integer, oneOf, orReference, text, withDefault } from './schema.ts';

/** Maximum days in a consumer's queue: one less than in its dead-letter queue, so that a failed event has a day there. */
export const maxQueueDays = 13;

/**
 * All settings of a deployment. They come from the stage's file `stages/<stage>.json`, from `cdk.json` under
 * "context", or from the command line: `cdk deploy -c stage=prod` (lib/app-settings.ts). Types, checks,
 * defaults and docs/settings.md are derived from this schema. Context is text and JSON, so values are plain
 * and have their unit in the name (`archiveDays`); the constructs take `Duration` and `Size`.
 */
export const settings = {
  stage: withDefault(
    text(
      /^[a-z][a-z0-9-]{0,19}$/,
      '1 to 20 lower-case letters, digits and hyphens, a letter first',
    ),
    'dev',
    'Name of this deployment; part of the name of the stack, the bus and each queue',
  ),
  authentication: withDefault(
    oneOf('any', 'hmac', 'secret'),
    'any',
    'How senders authenticate: `hmac` (a signature, as from WAHA), `secret` (a secret in the request, as from Wawp), or `any`',
  ),
  deduplicate: withDefault(
    text(
      /^(all|none|[a-z0-9.]+(,[a-z0-9.]+)*)$/,
      'all, none, or event types with commas between them',
    ),
    'all',
    'Event types whose duplicates are found and dropped: `all`, `none`, or a list such as `message,message.any`',
  ),
  identities: withDefault(
    oneOf('on', 'off'),
    'on',
    'Whether ingest learns which phone number and which hidden id (LID) belong to one person, and completes later events that name only one of them',
  ),
  filters: withDefault(
    text(
      /^(none|[^,\s]+:[^,\s]+(,[^,\s]+:[^,\s]+)*)$/,
      'none, or rules <event type or category>[@fromMe]:<action> with commas between them',
    ),
    'none',
    'Events that ingest drops before they cause cost ([docs/filters.md](docs/filters.md)): `none`, or rules such as `presence:debounce/30,message.ack:sample/10,engine:drop`',
  ),
  archiveDays: withDefault(
    integer(0, 3_650),
    30,
    'Days that the bus keeps every event for replays; 0 keeps none',
  ),
  shareBusWith: withDefault(
    text(
      /^(none|(\d{12}|o-[a-z0-9]{10,32})(,(\d{12}|o-[a-z0-9]{10,32})){0,49})$/,
      'none, or ids of accounts (12 digits) and organizations (o-…) with commas between them',
    ),
    'none',
    'Accounts and organizations that may add rules of their own to the bus: `none`, or ids with commas between them',
  ),
  ingress: withDefault(
    oneOf('http-api', 'rest-api', 'function-url'),
    'http-api',
    'Endpoint that receives webhooks: `http-api`, `rest-api` (with AWS WAF), or `function-url` (no additional charge, no throttle of its own)',
  ),
  domainName: withDefault(
    orReference(
      text(
        /^(none|([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$/,
        'none, or a domain name in lower case',
      ),
    ),
    'none',
    'Domain of the endpoint: `none`, or a name such as `hooks.example.com`',
  ),
  certificateArn: withDefault(
    orReference(
      text(
        /^(none|arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+)$/,
        'none, or the ARN of a certificate',
      ),
    ),
    'none',
    'Certificate of that domain in AWS Certificate Manager, in the region of the stack',
  ),
  truststoreUri: withDefault(
    text(/^(none|s3:\/\/[a-z0-9.-]{3,63}\/\S{1,1024})$/, 'none, or s3://bucket/key'),
    'none',
    'Certificate authorities of the client certificates that senders must present (mutual TLS): `none`, or `s3://bucket/key` of a PEM file',
  ),
  allowedSources: withDefault(
    text(
      /^(any|[0-9a-fA-F.:/]{2,43}(,[0-9a-fA-F.:/]{2,43}){0,99})$/,
      'any, or addresses and CIDR ranges with commas between them, 100 at most',
    ),
    'any',
    'Networks that webhooks may come from: `any`, or addresses and CIDR ranges with commas between them',
  ),
  ingestConcurrency: withDefault(
    integer(0, 10_000),
    0,
    'Reserved concurrency of ingest; 0 reserves none and uses what the account has',
  ),
  replayWindowHours: withDefault(
    integer(0, 8_760),
    0,
    'Hours after which a webhook is refused as a replay, by the time in its signed body; 0 accepts any age. Use more than 45, or retries of WAHA are refused',
  ),
  maxBodyBytes: withDefault(
    integer(1_000, 6_000_000),
    5_000_000,
    'Largest webhook body in bytes; a larger one is answered 413',
  ),
  throttleRate: withDefault(
    integer(1, 10_000),
    500,
    'Requests a second that the endpoint allows on average',
  ),
  throttleBurst: withDefault(
    integer(1, 5_000),
    1_000,
    'Requests that the endpoint allows in a burst',
  ),
  ingestMemoryMb: withDefault(
    integer(128, 10_240),
    512,
    'Memory of the ingest function in MB; its CPU grows with it',
  ),
  consumerMemoryMb: withDefault(
    integer(128, 10_240),
    256,
    'Memory of each consumer function in MB, unless its row sets it',
  ),
  queueRetentionDays: withDefault(
    integer(1, maxQueueDays),
    4,
    'Days that an unread event stays in a consumer queue',
  ),
  stateDays: withDefault(
    integer(0, 3_650),
    30,
    'Days that the state table keeps messages, calls and histories; 0 keeps them for ever',
  ),
  state: withDefault(
    text(
      /^(all|none|[a-z][a-z0-9-]*(,[a-z][a-z0-9-]*)*)$/,
      'all, none, or names of consumers with commas between them',
    ),
    'all',
    'Which consumers keep state, of those that can: `all`, `none`, or names such as `calls,groups`; its price is in [docs/costs.md](docs/costs.md)',
  ),
  stateBatchSeconds: withDefault(
    integer(0, 300),
    2,
    'Batch window in seconds of consumers with state, unless their row sets one: fewer, larger batches cost less',
  ),
  logRetentionDays: withDefault(
    oneOf(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653),
    30,
    'Days that logs are kept',
  ),
  encryption: withDefault(
    oneOf('aws', 'customer'),
    'aws',
    'Keys that encrypt stored data: `aws` (keys of the AWS services), or `customer` (a customer managed key of this stack, $1 a month)',
  ),
  dataOnDestroy: withDefault(
    oneOf('by-stage', 'keep', 'delete'),
    'by-stage',
    'What `cdk destroy` does with state and identities: `keep`, `delete`, or `by-stage`, which deletes it for dev, test, pr, ci, sandbox and stages named after them (`pr-7`)',
  ),
  protection: withDefault(
    oneOf('on', 'off'),
    'off',
    'Whether the stack and the state table are protected against deletion. Switch it on after the first deployment: CloudFormation cannot remove a protected one that failed ([docs/removal.md](docs/removal.md))',
  ),
  logLevel: withDefault(
    oneOf('DEBUG', 'INFO', 'WARN', 'ERROR'),
    'INFO',
    'Lowest level that functions log',
  ),
  debugSamplePercent: withDefault(
    integer(0, 100),
    0,
    'Percentage of webhooks that are logged at all levels, in every function',
  ),
  handlerErrors: withDefault(
    oneOf('name', 'full'),
    'name',
    'What is logged of an exception of a consumer, and sent with its dead-letter message: `name` (its class), or `full` (message, stack, file and line too, which may quote what people wrote). The local run logs `full`',
  ),
  logDataProtection: withDefault(
    oneOf('on', 'off'),
    'on',
    'Whether CloudWatch masks addresses, numbers and media URLs in logs, as a second line of defence: $0.12 for each GB of logs',
  ),
  tracing: withDefault(
    oneOf('off', 'xray', 'otel'),
    'off',
    'Traces ([docs/tracing.md](docs/tracing.md)): `off`, `xray`, or `otel` (X-Ray, and OpenTelemetry’s layer in the functions); $5 for a million traces',
  ),
  otelLayerArn: withDefault(
    text(
      /^(none|arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:layer:[A-Za-z0-9_-]{1,140}:\d{1,9})$/,
      'none, or the ARN of a version of a layer',
    ),
    'none',
    'OpenTelemetry’s Lambda layer for Node.js on arm64, in the region of the stack; with `tracing` `otel`',
  ),
  alarms: withDefault(
    oneOf('on', 'off'),
    'on',
    'Whether to create alarms; each costs $0.10 a month',
  ),
  dashboard: withDefault(
    oneOf('on', 'off'),
    'off',
    'Whether to create a dashboard; it costs $3 a month',
  ),
  alarmEmail: withDefault(
    orReference(text(/^(none|[^\s@<>"',;]{1,64}@[^\s@<>"',;]{1,190})$/, 'none or a mail address')),
    'none',
    'E-mail address that alarms notify: `none`, or an address, which has to confirm the subscription once',
  ),
  alarmSlackWorkspace: withDefault(
    text(/^(none|[0-9A-Z]{1,255})$/, 'none or the id of a workspace (T…)'),
    'none',
    'Slack workspace that alarms notify: `none`, or its id, after Amazon Q Developer in chat applications was authorized there',
  ),
  alarmSlackChannel: withDefault(
    text(/^(none|[0-9A-Z]{1,255})$/, 'none or the id of a channel (C…)'),
    'none',
    'Channel of that workspace: `none`, or its id',
  ),
};

/** The checked settings of one deployment. */
export type Settings = Readonly<v.InferOutput<v.ObjectSchema<typeof settings, undefined>>>;

/**
 * Thrown for settings that are wrong. The message has one sentence for each; it is meant to be shown without
 * a stack trace.
 */
export class SettingsError extends Error {
  /**
   * @param wrong sentences
   * @param origin where settings come from
   */
  constructor(wrong: readonly string[], origin?: string) {
    super(
      [...wrong, ...(origin === undefined ? [] : [`Settings come from ${origin}.`])].join('\n'),
    );
    this.name = 'SettingsError';
  }
}

/** Names of stages whose data is disposable. All others are treated as production. */
const disposableStage = /^(dev|test|pr|ci|sandbox)(-|$)/;

/** Whether the data of a deployment is kept when its stack is deleted. */
export function retainsData({
  stage,
  dataOnDestroy,
}: Pick<Settings, 'stage' | 'dataOnDestroy'>): boolean {
  if (dataOnDestroy === 'by-stage') {
    return !disposableStage.test(stage);
  }
  return dataOnDestroy === 'keep';
}
