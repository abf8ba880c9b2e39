import { readSetting } from './read-setting.ts';

/** How a stage's senders may prove who they are. */
const authentications = ['any', 'hmac', 'secret'] as const;

/** What may stand before ingest. */
const frontDoors = ['http-api', 'rest-api', 'function-url'] as const;

/**
 * Everything that can be set from CDK context: in `cdk.json` under "context", or
 * `cdk deploy -c stage=prod`. The README's table is made from this one.
 */
export const settings = {
  stage: {
    summary: 'Name of this deployment; part of the name of the stack, the bus and each queue',
    default: 'dev',
    matches: /^[a-z][a-z0-9-]{0,19}$/,
    expected: '1 to 20 lower-case letters, digits and hyphens, a letter first',
  },
  authentication: {
    summary:
      'What the front door takes: `hmac` (signed, as WAHA does), `secret` (sent along, as Wawp does), or `any`',
    default: 'any',
    oneOf: authentications,
  },
  deduplicate: {
    summary:
      'Kinds whose duplicates are found and dropped: `all`, `none`, or a list such as `message,message.any`',
    default: 'all',
    matches: /^(all|none|[a-z0-9.]+(,[a-z0-9.]+)*)$/,
    expected: 'all, none, or event types with commas between them',
  },
  noise: {
    summary:
      'What is left out at the front door, before it costs anything ([docs/noise.md](docs/noise.md)): `none`, or rules such as `presence:coalesce/30,message.ack:sample/10,engine:drop`',
    default: 'none',
    matches: /^(none|[^,\s]+:[^,\s]+(,[^,\s]+:[^,\s]+)*)$/,
    expected: 'none, or rules <event type or category>[@fromMe]:<measure> with commas between them',
  },
  archiveDays: {
    summary: 'Days that the bus keeps every event for replays; 0 keeps none',
    default: 30,
    from: 0,
    to: 3_650,
  },
  shareBusWith: {
    summary:
      'Accounts and organizations that may add rules of their own to the bus: `none`, or ids with commas between them',
    default: 'none',
    matches: /^(none|(\d{12}|o-[a-z0-9]{10,32})(,(\d{12}|o-[a-z0-9]{10,32})){0,49})$/,
    expected:
      'none, or ids of accounts (12 digits) and organizations (o-…) with commas between them',
  },
  frontDoor: {
    summary:
      'What takes webhooks in: `http-api`, `rest-api` (with a web application firewall), or `function-url` (no charge of its own, no throttle of its own)',
    default: 'http-api',
    oneOf: frontDoors,
  },
  domainName: {
    summary: 'Domain of the front door: `none`, or a name such as `hooks.example.com`',
    default: 'none',
    matches: /^(none|([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$/,
    expected: 'none, or a domain name in lower case',
  },
  certificateArn: {
    summary: 'Certificate of that domain in AWS Certificate Manager, in the region of the stack',
    default: 'none',
    matches: /^(none|arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+)$/,
    expected: 'none, or the ARN of a certificate',
  },
  truststoreUri: {
    summary:
      'Authorities whose client certificates senders must show (mutual TLS): `none`, or `s3://bucket/key` of a PEM file',
    default: 'none',
    matches: /^(none|s3:\/\/[a-z0-9.-]{3,63}\/\S{1,1024})$/,
    expected: 'none, or s3://bucket/key',
  },
  allowedSources: {
    summary:
      'Networks that webhooks may come from: `any`, or addresses and CIDR ranges with commas between them',
    default: 'any',
    matches: /^(any|[0-9a-fA-F.:/]{2,43}(,[0-9a-fA-F.:/]{2,43}){0,99})$/,
    expected: 'any, or addresses and CIDR ranges with commas between them, 100 at most',
  },
  ingestConcurrency: {
    summary:
      'Webhooks handled at the same time, kept for ingest and no more than that; 0 leaves it to the account',
    default: 0,
    from: 0,
    to: 10_000,
  },
  replayWindowHours: {
    summary:
      'Hours after which a webhook is refused as a replay, by the time in its signed body; 0 takes any age. More than 45, or retries of WAHA are refused',
    default: 0,
    from: 0,
    to: 8_760,
  },
  maxBodyBytes: {
    summary: 'Largest webhook body in bytes; a larger one is answered 413',
    default: 5_000_000,
    from: 1_000,
    to: 6_000_000,
  },
  throttleRate: {
    summary: 'Requests a second that the front door lets through in the long run',
    default: 500,
    from: 1,
    to: 10_000,
  },
  throttleBurst: {
    summary: 'Requests that it lets through at once',
    default: 1_000,
    from: 1,
    to: 5_000,
  },
  ingestMemoryMb: {
    summary: 'Memory of the ingest function in MB; its CPU grows with it',
    default: 512,
    from: 128,
    to: 10_240,
  },
  consumerMemoryMb: {
    summary: 'Memory of each consumer function in MB, unless its row says otherwise',
    default: 256,
    from: 128,
    to: 10_240,
  },
  queueRetentionDays: {
    summary: 'Days that an unread event stays in a consumer queue',
    default: 4,
    from: 1,
    to: 13,
  },
  stateDays: {
    summary: 'Days that the state table keeps messages, calls and histories; 0 keeps them for ever',
    default: 365,
    from: 0,
    to: 3_650,
  },
  keepState: {
    summary:
      'Which consumers keep state, of those that can: `usual` (all but `messages`, whose state costs more than their delivery, [docs/costs.md](docs/costs.md)), `all`, `none`, or names such as `calls,messages`. The local run keeps `all`',
    default: 'usual',
    matches: /^(usual|all|none|[a-z][a-z0-9-]*(,[a-z][a-z0-9-]*)*)$/,
    expected: 'usual, all, none, or names of consumers with commas between them',
  },
  stateBatchSeconds: {
    summary:
      'Seconds that a batch of a consumer that keeps state may wait to get full, unless its row says otherwise: fewer, fuller batches cost less',
    default: 2,
    from: 0,
    to: 300,
  },
  logRetentionDays: {
    summary: 'Days that logs are kept',
    default: 30,
    oneOf: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653],
  },
  encryption: {
    summary:
      'Keys that stored data is encrypted with: `aws` (each service its own), or `customer` (one of this stack, $1 a month)',
    default: 'aws',
    oneOf: ['aws', 'customer'],
  },
  dataOnDestroy: {
    summary:
      'What `cdk destroy` does with the state: `keep`, `delete`, or `by-stage`, which deletes it for dev, test, pr, ci, sandbox and stages named after them (`pr-7`)',
    default: 'by-stage',
    oneOf: ['by-stage', 'keep', 'delete'],
  },
  logLevel: {
    summary: 'The least that functions log',
    default: 'INFO',
    oneOf: ['DEBUG', 'INFO', 'WARN', 'ERROR'],
  },
  debugSamplePercent: {
    summary:
      'Of how many webhooks in a hundred everything is logged, in every function they come to',
    default: 0,
    from: 0,
    to: 100,
  },
  logDataProtection: {
    summary:
      'Whether CloudWatch masks addresses, numbers and media URLs in logs, as a second line: $0.12 for each GB of logs',
    default: 'on',
    oneOf: ['on', 'off'],
  },
  tracing: {
    summary:
      'Whether a webhook without a W3C `traceparent` begins a trace; one that has it keeps it anyway',
    default: 'off',
    oneOf: ['on', 'off'],
  },
  alarms: {
    summary: 'Whether there are alarms; each costs $0.10 a month',
    default: 'on',
    oneOf: ['on', 'off'],
  },
  dashboard: {
    summary:
      'Whether there is a dashboard; it costs $3 a month, but for an account’s first three small ones',
    default: 'on',
    oneOf: ['on', 'off'],
  },
  alarmEmail: {
    summary: 'Who gets a mail from each alarm: `none`, or an address, which has to confirm it once',
    default: 'none',
    matches: /^(none|[^\s@<>"',;]{1,64}@[^\s@<>"',;]{1,190})$/,
    expected: 'none or a mail address',
  },
  alarmSlackWorkspace: {
    summary:
      'Slack workspace that alarms are told in: `none`, or its id, after Amazon Q Developer in chat applications was let in there',
    default: 'none',
    matches: /^(none|[0-9A-Z]{1,255})$/,
    expected: 'none or the id of a workspace (T…)',
  },
  alarmSlackChannel: {
    summary: 'Channel of that workspace: `none`, or its id',
    default: 'none',
    matches: /^(none|[0-9A-Z]{1,255})$/,
    expected: 'none or the id of a channel (C…)',
  },
} as const satisfies Record<string, Setting>;

/** One setting: its default, and what is allowed. */
export type Setting = { readonly summary: string } & (
  | { readonly default: string | number; readonly oneOf: readonly (string | number)[] }
  | { readonly default: string; readonly matches: RegExp; readonly expected: string }
  | { readonly default: number; readonly from: number; readonly to: number }
);

type Table = typeof settings;

type ValueOf<S> = S extends { readonly oneOf: readonly (infer V)[] }
  ? V
  : S extends { readonly from: number }
    ? number
    : string;

/** The settings of one deployment, each checked. */
export type Settings = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

/**
 * Reads the settings from CDK context, taking the default where there is none.
 *
 * @param contextOf `app.node.tryGetContext`
 * @throws when a value is not allowed: says which, what was found and what is allowed
 */
export function readSettings(contextOf: (name: string) => unknown): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [
      name,
      readSetting(name, setting, contextOf(name)),
    ]),
  ) as Settings;
}
