import { Command, Option } from 'commander';
import { catalog, type EventType } from '../events/catalog.ts';
import { describeUnknownName } from '../events/nearest-name.ts';
import { own, ownText } from '../events/own.ts';
import { printable } from '../ops/printable.ts';
import { freshWebhook, type Proof, postWebhook } from '../ops/send-webhook.ts';
import { parseUrl } from './terminal/options.ts';
import { parseJson, readTextFile } from './terminal/read-text-file.ts';
import { formatTable, wrap } from './terminal/table.ts';

interface SendOptions {
  readonly url: string;
  /** @default - the newest of the local run */
  readonly secret?: string;
  readonly as: 'waha' | 'wawp';
  readonly file?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

interface Sent {
  readonly type: string;
  readonly status: number;
  readonly ms: number;
  readonly answer: unknown;
}

/** `fanout send`: plays the sender. */
export function sendCommand(): Command {
  return new Command('send')
    .summary('Post a webhook, as a sender would')
    .description('Sign a webhook and post it, as a sender would')
    .argument('[type]', 'event type, for example message.reaction')
    .option('--all', 'one example of every type')
    .option('--file <path>', 'a payload, or a full webhook body, instead of the example')
    .addOption(
      new Option('--url <url>', 'URL of the webhook endpoint')
        .argParser(parseUrl)
        .env('FANOUT_URL')
        .default('http://127.0.0.1:3000/webhooks', 'the local endpoint'),
    )
    .addOption(
      new Option(
        '--secret <secret>',
        'the signing secret, or the URL secret with --as wawp (default: the newest of the local run)',
      ).env('SIGNING_SECRET'),
    )
    .addOption(
      new Option('--as <sender>', 'sign as WAHA does, or put the secret into the URL as Wawp does')
        .choices(['waha', 'wawp'])
        .default('waha'),
    )
    .option('--json', 'one JSON object for each webhook')
    .addHelpText(
      'after',
      `
Examples:
  fanout send message.reaction
  fanout send --all --as wawp
  fanout send --file webhook.json --url https://example.com/webhooks \\
    --secret "$SIGNING_SECRET"`,
    )
    .action(send);
}

function requireType(given: string | undefined, command: Command): EventType | undefined {
  if (given === undefined || Object.hasOwn(catalog, given)) {
    return given as EventType | undefined;
  }
  const advice = describeUnknownName('event type', printable(given), Object.keys(catalog));
  return command.error(`error: ${advice}`);
}

async function send(
  given: string | undefined,
  options: SendOptions,
  command: Command,
): Promise<void> {
  const bodies = bodiesToSend(requireType(given, command), options, command);
  const proof: Proof = {
    kind: options.as === 'waha' ? 'signature' : 'url-secret',
    secret: options.secret ?? (await secretOfLocalRun(options, command)),
  };
  const sent: Sent[] = [];
  for (const [name, body] of bodies) {
    const { status, ms, body: answer } = await postWebhook(options.url, body, proof);
    sent.push({ type: name, status, ms: Math.round(ms), answer });
    if (options.json) {
      console.log(JSON.stringify(sent.at(-1)));
    }
  }
  if (!options.json) {
    console.log(formatSent(sent));
  }
  if (sent.some(({ status }) => status < 200 || status > 299)) {
    process.exitCode = 1;
  }
}

function bodiesToSend(
  type: EventType | undefined,
  { all, as, file }: SendOptions,
  command: Command,
): [string, string][] {
  if (file) {
    return [bodyFromFile(file, type, as, command)];
  }
  const types = all ? (Object.keys(catalog) as EventType[]) : type ? [type] : [];
  if (types.length === 0) {
    command.error('error: say which type to send, or --all');
  }
  return types.map((each) => [each, JSON.stringify(freshWebhook(each, as))]);
}

/** A file with a full webhook body is sent byte for byte; a payload alone is wrapped in a webhook body. */
function bodyFromFile(
  path: string,
  type: EventType | undefined,
  as: SendOptions['as'],
  command: Command,
): [string, string] {
  const text = readTextFile(path, command);
  const content = parseJson(text, path, command);
  const event = (content as { event?: unknown } | null)?.event;
  if (typeof event === 'string' && !type) {
    return [event, text];
  }
  if (!type) {
    command.error(`error: ${path} is a payload alone: say which type it is`);
  }
  return [type, JSON.stringify({ ...freshWebhook(type, as), payload: content })];
}

function formatSent(sent: readonly Sent[]): string {
  const table = formatTable(
    ['type', 'status', 'ms', 'answer'],
    sent.map(({ type, status, ms, answer }) => [type, status, ms, describeAnswer(answer)]),
  );
  const hints = new Set(sent.flatMap(({ status }) => hintFor[status] ?? []));
  return [table, ...[...hints].map((hint) => `\n${wrap(hint)}`)].join('\n');
}

/** What a person can do about an answer, by its status. */
const hintFor: Readonly<Record<number, string>> = {
  401: 'The secret does not fit: "fanout secret list" names the active ones. The log says which proof was wrong: fanout logs ingest.',
  404: 'Webhooks are posted to /webhooks, or to /webhooks/<secret>.',
  413: 'The body is larger than the setting maxBodyBytes allows.',
  503: 'It was not accepted; a sender tries again after the seconds in Retry-After.',
};

/** An answer in a few words; of ids only as much as tells them apart. */
function describeAnswer(answer: unknown): string {
  const events = own(answer, 'events');
  if (Array.isArray(events)) {
    return events.map(describeAnswer).join('; ');
  }
  const id = ownText(answer, 'id');
  if (id === undefined) {
    const said = ownText(answer, 'error') ?? ownText(answer, 'message');
    return printable(said ?? JSON.stringify(answer), 120);
  }
  const filtered = ownText(answer, 'filtered');
  const result =
    own(answer, 'duplicate') === true
      ? 'duplicate of'
      : filtered
        ? `filtered (${filtered})`
        : 'accepted as';
  return printable(`${result} ${id.replace(/([0-9a-f]{8})[0-9a-f]+$/, '$1…')}`, 120);
}

const loopback = /^(localhost|127\.|\[::1\]$)/;

/** The newest secret of the local run, which a rotation may have changed since its start. */
async function secretOfLocalRun({ url, as }: SendOptions, command: Command): Promise<string> {
  if (!loopback.test(new URL(url).hostname)) {
    command.error('error: --secret is missing: the endpoint is not on this machine.');
  }
  const scheme = as === 'waha' ? 'hmac' : 'secret';
  // Only now: the AWS SDK would make every other use slow.
  const [{ newestSecret, readKeyrings }, { withAccess }] = await Promise.all([
    import('../ops/stored-keyring.ts'),
    import('./terminal/with-pipeline.ts'),
  ]);
  let value = '';
  await withAccess({}, async (access) => {
    value = newestSecret(await readKeyrings(access), scheme).secret.value;
  });
  return value;
}
