import { BlockList, isIP } from 'node:net';
import * as v from 'valibot';
import { catalog } from '../events/catalog.ts';
import { readFilterRules } from '../events/filters/read-filter-rules.ts';
import { documentationOf, full, oneOf, show, text, withDefault } from './schema.ts';

/**
 * Everything that can be set: in the stage's file, `stages/<stage>.json`, in `cdk.json` under "context", or
 * by `cdk deploy -c stage=prod` (lib/app-settings.ts). Types, checks, defaults and docs/settings.md come from this schema.
 * Context is text and JSON, so a value is plain and has its unit in its name (`archiveDays`); the
 * constructs take `Duration` and `Size`.
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
    'What the endpoint accepts: `hmac` (signed, as WAHA does), `secret` (sent along, as Wawp does), or `any`',
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
    'Whether ingest learns which phone number and which hidden id (LID) are one person, and completes later events that name only one of them',
  ),
  filters: withDefault(
    text(
      /^(none|[^,\s]+:[^,\s]+(,[^,\s]+:[^,\s]+)*)$/,
      'none, or rules <event type or category>[@fromMe]:<action> with commas between them',
    ),
    'none',
    'Events that ingest drops before they cost anything ([docs/filters.md](docs/filters.md)): `none`, or rules such as `presence:debounce/30,message.ack:sample/10,engine:drop`',
  ),
  archiveDays: withDefault(
    full(0, 3_650),
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
    'What takes webhooks in: `http-api`, `rest-api` (with a web application firewall), or `function-url` (no charge of its own, no throttle of its own)',
  ),
  domainName: withDefault(
    text(
      /^(none|([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$/,
      'none, or a domain name in lower case',
    ),
    'none',
    'Domain of the endpoint: `none`, or a name such as `hooks.example.com`',
  ),
  certificateArn: withDefault(
    text(
      /^(none|arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+)$/,
      'none, or the ARN of a certificate',
    ),
    'none',
    'Certificate of that domain in AWS Certificate Manager, in the region of the stack',
  ),
  truststoreUri: withDefault(
    text(/^(none|s3:\/\/[a-z0-9.-]{3,63}\/\S{1,1024})$/, 'none, or s3://bucket/key'),
    'none',
    'Authorities whose client certificates senders must show (mutual TLS): `none`, or `s3://bucket/key` of a PEM file',
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
    full(0, 10_000),
    0,
    'Webhooks handled at the same time, kept for ingest and no more than that; 0 leaves it to the account',
  ),
  replayWindowHours: withDefault(
    full(0, 8_760),
    0,
    'Hours after which a webhook is refused as a replay, by the time in its signed body; 0 takes any age. More than 45, or retries of WAHA are refused',
  ),
  maxBodyBytes: withDefault(
    full(1_000, 6_000_000),
    5_000_000,
    'Largest webhook body in bytes; a larger one is answered 413',
  ),
  throttleRate: withDefault(
    full(1, 10_000),
    500,
    'Requests a second that the endpoint lets through in the long run',
  ),
  throttleBurst: withDefault(full(1, 5_000), 1_000, 'Requests that it lets through at once'),
  ingestMemoryMb: withDefault(
    full(128, 10_240),
    512,
    'Memory of the ingest function in MB; its CPU grows with it',
  ),
  consumerMemoryMb: withDefault(
    full(128, 10_240),
    256,
    'Memory of each consumer function in MB, unless its row says otherwise',
  ),
  queueRetentionDays: withDefault(
    full(1, 13),
    4,
    'Days that an unread event stays in a consumer queue',
  ),
  stateDays: withDefault(
    full(0, 3_650),
    30,
    'Days that the state table keeps messages, calls and histories; 0 keeps them for ever',
  ),
  state: withDefault(
    text(
      /^(all|none|[a-z][a-z0-9-]*(,[a-z][a-z0-9-]*)*)$/,
      'all, none, or names of consumers with commas between them',
    ),
    'all',
    'Which consumers have state, of those that can: `all`, `none`, or names such as `calls,groups`; [docs/costs.md](docs/costs.md) has its price',
  ),
  stateBatchSeconds: withDefault(
    full(0, 300),
    2,
    'Seconds that a batch of a consumer that keeps state may wait to get full, unless its row says otherwise: fewer, fuller batches cost less',
  ),
  logRetentionDays: withDefault(
    oneOf(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653),
    30,
    'Days that logs are kept',
  ),
  encryption: withDefault(
    oneOf('aws', 'customer'),
    'aws',
    'Keys that stored data is encrypted with: `aws` (each service its own), or `customer` (one of this stack, $1 a month)',
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
    'The least that functions log',
  ),
  debugSamplePercent: withDefault(
    full(0, 100),
    0,
    'Of how many webhooks in a hundred everything is logged, in every function they come to',
  ),
  handlerErrors: withDefault(
    oneOf('name', 'full'),
    'name',
    'What is logged of an exception of a consumer, and sent with its dead-letter message: `name` (its class), or `full` (message, stack, file and line too, which may quote what people wrote). The local run logs `full`',
  ),
  logDataProtection: withDefault(
    oneOf('on', 'off'),
    'on',
    'Whether CloudWatch masks addresses, numbers and media URLs in logs, as a second line: $0.12 for each GB of logs',
  ),
  tracing: withDefault(
    oneOf('off', 'xray', 'otel'),
    'off',
    'Traces ([docs/tracing.md](docs/tracing.md)): `off`, `xray`, or `otel` (X-Ray, and OpenTelemetry’s layer in each function); $5 for a million traces',
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
    'Whether there are alarms; each costs $0.10 a month',
  ),
  dashboard: withDefault(
    oneOf('on', 'off'),
    'off',
    'Whether there is a dashboard; it costs $3 a month, as much as all else that is fixed',
  ),
  alarmEmail: withDefault(
    text(/^(none|[^\s@<>"',;]{1,64}@[^\s@<>"',;]{1,190})$/, 'none or a mail address'),
    'none',
    'Who gets a mail from each alarm: `none`, or an address, which has to confirm it once',
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

const settingsSchema = v.object(settings);

/** The settings of one deployment, each checked. */
export type Settings = Readonly<v.InferOutput<typeof settingsSchema>>;

/** Settings that are wrong. The message is one sentence for each, for a person to read without the stack. */
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

/** Where settings come from unless a reader says otherwise. */
const cdkContext = 'CDK context: "context" in cdk.json, or "-c name=value" on the command line';

/**
 * Reads the settings, taking the default where there is none. Numbers may be text, as the command line
 * gives them.
 *
 * @param contextOf `app.node.tryGetContext`, or another source of values by name
 * @param origin where the values come from, for the error
 * @throws when values are not allowed: one sentence for each, with the setting, the value and what is allowed
 */
export function readSettings(
  contextOf: (name: string) => unknown,
  origin: string = cdkContext,
): Settings {
  const result = parse(contextOf);
  const wrong = wrongSettings(contextOf);
  if (wrong.length > 0 || !result.success) {
    throw new SettingsError(wrong, origin);
  }
  return result.output;
}

/**
 * What is wrong with the values of settings: one sentence for each.
 *
 * @param sourceOf the file that a setting is from, for its sentence; undefined where the origin says it all
 */
export function wrongSettings(
  contextOf: (name: string) => unknown,
  sourceOf: (name: string) => string | undefined = () => undefined,
): readonly string[] {
  const result = parse(contextOf);
  if (result.success) {
    return contradictionsIn(result.output);
  }
  const names = new Set(result.issues.map((issue) => String(v.getDotPath(issue))));
  return [...names].map((name) => {
    const source = sourceOf(name);
    const { allowed } = documentationOf(settings[name as keyof Settings]);
    return `The setting "${name}" is ${show(contextOf(name))}${source === undefined ? '' : ` in ${source}`}, but must be ${allowed}.`;
  });
}

function parse(contextOf: (name: string) => unknown) {
  const given = Object.fromEntries(Object.keys(settings).map((name) => [name, contextOf(name)]));
  return v.safeParse(settingsSchema, mapValues(given, toInput));
}

/** Nothing is what is absent; numbers are read from text. */
function toInput(given: unknown, name: string): unknown {
  const isNumber = typeof settings[name as keyof Settings].default === 'number';
  if (isNumber && typeof given === 'string' && given.trim() !== '') {
    return Number(given);
  }
  return given ?? undefined;
}

const mapValues = <T>(
  values: Readonly<Record<string, T>>,
  change: (value: T, name: string) => unknown,
) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));

/** What is wrong although each setting has an allowed form: one sentence for each. */
function contradictionsIn(read: Settings): readonly string[] {
  return [
    unknownTypes(read),
    wrongFilterRule(read),
    ...impossibleIngress(read),
    wrongNetwork(read),
    halfOfSlack(read),
    halfOfOtel(read),
  ].filter((sentence) => sentence !== undefined);
}

/** A misspelt event type would leave its duplicates unnoticed. */
function unknownTypes({ deduplicate }: Settings): string | undefined {
  if (deduplicate === 'all' || deduplicate === 'none') {
    return undefined;
  }
  const unknown = deduplicate.split(',').filter((type) => !Object.hasOwn(catalog, type));
  if (unknown.length === 0) {
    return undefined;
  }
  return `The setting "deduplicate" names ${unknown.join(', ')}, which no event type is called. Known: ${Object.keys(catalog).join(', ')}.`;
}

/** A misspelt rule would drop nothing, without an error. */
function wrongFilterRule({ filters }: Settings): string | undefined {
  try {
    readFilterRules(filters);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function impossibleIngress(read: Settings): readonly (string | undefined)[] {
  const { ingress, domainName, certificateArn, truststoreUri } = read;
  const hasDomain = domainName !== 'none';
  return [
    hasDomain && ingress === 'function-url'
      ? 'The setting "domainName" needs an API, but "ingress" is function-url: choose http-api or rest-api, or leave the domain out.'
      : undefined,
    hasDomain !== (certificateArn !== 'none')
      ? `The settings "domainName" (${domainName}) and "certificateArn" (${certificateArn}) go together: give both or neither.`
      : undefined,
    truststoreUri !== 'none' && !hasDomain
      ? `The setting "truststoreUri" is ${truststoreUri}, but client certificates can be required at a domain of your own only: give "domainName" and "certificateArn" too.`
      : undefined,
  ];
}

function wrongNetwork({ allowedSources }: Settings): string | undefined {
  if (allowedSources === 'any') {
    return undefined;
  }
  const wrong = allowedSources.split(',').filter((network) => !isNetwork(network));
  if (wrong.length === 0) {
    return undefined;
  }
  return `The setting "allowedSources" names ${wrong.map((network) => `"${network}"`).join(', ')}: neither an address nor a CIDR range such as 203.0.113.0/24.`;
}

function isNetwork(network: string): boolean {
  const [address = '', prefix, more] = network.split('/');
  const family = isIP(address);
  if (family === 0 || more !== undefined) {
    return false;
  }
  if (prefix === undefined) {
    return true;
  }
  if (!/^\d{1,3}$/.test(prefix)) {
    return false;
  }
  try {
    new BlockList().addSubnet(address, Number(prefix), family === 6 ? 'ipv6' : 'ipv4');
    return true;
  } catch {
    return false;
  }
}

function halfOfSlack({ alarmSlackWorkspace, alarmSlackChannel }: Settings): string | undefined {
  if ((alarmSlackWorkspace === 'none') === (alarmSlackChannel === 'none')) {
    return undefined;
  }
  return `The settings "alarmSlackWorkspace" (${alarmSlackWorkspace}) and "alarmSlackChannel" (${alarmSlackChannel}) belong together: set both, or neither.`;
}

function halfOfOtel({ tracing, otelLayerArn }: Settings): string | undefined {
  if ((tracing === 'otel') === (otelLayerArn !== 'none')) {
    return undefined;
  }
  return `The settings "tracing" (${tracing}) and "otelLayerArn" (${otelLayerArn}) do not go together: otel needs the layer, and nothing else does.`;
}

/** Stages whose data can be replaced at any time; all others may be production. */
const passingStage = /^(dev|test|pr|ci|sandbox)(-|$)/;

/** Whether the data of a deployment outlives its stack. */
export function hasData({
  stage,
  dataOnDestroy,
}: Pick<Settings, 'stage' | 'dataOnDestroy'>): boolean {
  if (dataOnDestroy === 'by-stage') {
    return !passingStage.test(stage);
  }
  return dataOnDestroy === 'keep';
}
