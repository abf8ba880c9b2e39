import { Command, Option } from 'commander';
import { catalog, type EventType } from '../events/catalog.ts';
import { exampleConversation } from '../events/conversation.docs.ts';
import { describeUnknownName } from '../events/nearest-name.ts';
import { own, ownText } from '../events/own.ts';
import type { ConnectionOptions } from '../ops/aws/connect.ts';
import type { Ingress } from '../ops/find-ingress.ts';
import { printable } from '../ops/printable.ts';
import { freshWebhook, postWebhook } from '../ops/send-webhook.ts';
import { addConnectionOptions, parseUrl } from './terminal/options.ts';
import { parseJson, readTextFile } from './terminal/read-text-file.ts';
import { formatTable, wrap } from './terminal/table.ts';

interface SendOptions extends ConnectionOptions {
  readonly url?: string;
  readonly secret?: string;
  readonly as: 'waha' | 'wawp';
  readonly file?: string;
  readonly all?: boolean;
  readonly demo?: boolean;
  readonly json?: boolean;
}

interface Sent {
  readonly type: string;
  readonly status: number;
  readonly ms: number;
  readonly answer: unknown;
  /** What happens in it, in a sentence; of the demo conversation only. */
  readonly what?: string;
}

/** `fanout send`: plays the sender. */
export function sendCommand(): Command {
  return addConnectionOptions(new Command('send'))
    .summary('Post a webhook, as a sender would')
    .description('Sign a webhook and post it, as a sender would')
    .argument('[type]', 'event type, for example message.reaction')
    .option('--all', 'one example of every type')
    .addOption(
      new Option(
        '--demo',
        'a conversation of a shop and a customer: messages, a poll, an order, a missed call',
      ).conflicts(['all', 'file', 'as']),
    )
    .option('--file <path>', 'a payload, or a full webhook body, instead of the example')
    .addOption(
      new Option('--url <url>', 'webhook endpoint (default: that of the local run or the stack)')
        .argParser(parseUrl)
        .env('FANOUT_URL'),
    )
    .option(
      '--secret <secret>',
      'the signing secret, or with --as wawp the URL secret (default: a secret of the local run or the stack; with --url, SIGNING_SECRET or URL_SECRET)',
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
  fanout send --demo
  fanout send --all --as wawp
  fanout send message --stage dev
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
  const { url, proof } = await findTarget(options, sessionIn(bodies[0]?.[1] ?? ''), command);
  const sent: Sent[] = [];
  for (const [type, body, what] of bodies) {
    const { status, ms, body: answer } = await postWebhook(url, body, proof);
    sent.push({ type, status, ms: Math.round(ms), answer, ...(what && { what }) });
    if (options.json) {
      console.log(JSON.stringify(sent.at(-1)));
    }
  }
  if (!options.json) {
    console.log(formatSent(sent));
    if (options.demo) {
      console.log(
        '\nNext: "fanout state chat +12025550142" shows the conversation as it is stored.',
      );
    }
  }
  if (sent.some(({ status }) => status < 200 || status > 299)) {
    process.exitCode = 1;
  }
}

/** A webhook to send: its type, its body and, of the demo, what happens in it. */
type ToSend = readonly [type: string, body: string, what?: string];

function bodiesToSend(
  type: EventType | undefined,
  { all, as, demo, file }: SendOptions,
  command: Command,
): readonly ToSend[] {
  if (type !== undefined && (all || demo)) {
    command.error(`error: ${all ? '--all' : '--demo'} sends its own types: omit ${type}.`);
  }
  if (demo) {
    return exampleConversation({ endsAt: Date.now() }).map(({ what, webhook }) => [
      webhook.event,
      JSON.stringify(webhook),
      what,
    ]);
  }
  if (file) {
    return [bodyFromFile(file, type, as, command)];
  }
  const types = all ? (Object.keys(catalog) as EventType[]) : type ? [type] : [];
  if (types.length === 0) {
    command.error('error: say which type to send, or --all, or --demo');
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
    sent.map(({ type, status, ms, answer, what }) => [
      type,
      status,
      ms,
      what !== undefined && status === 202 ? what : describeAnswer(answer),
    ]),
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

/** Where to, and with which secret: what the options say, else what the local run or the stack has. */
async function findTarget(
  { url, secret, as, ...connection }: SendOptions,
  session: string | undefined,
  command: Command,
): Promise<Ingress> {
  const [kind, variable] =
    as === 'waha'
      ? (['signature', 'SIGNING_SECRET'] as const)
      : (['url-secret', 'URL_SECRET'] as const);
  const given = secret ?? (url === undefined ? undefined : process.env[variable]);
  if (url !== undefined && given !== undefined) {
    return { url, proof: { kind, secret: given } };
  }
  if (url !== undefined && !loopback.test(new URL(url).hostname)) {
    command.error(
      `error: --secret is missing: the endpoint is not on this machine. Give it with --secret or ${variable}.`,
    );
  }
  // Only now: the AWS SDK would make every other use slow.
  const [{ withAccess }, { findIngress }, { findOnlyStack }] = await Promise.all([
    import('./terminal/with-pipeline.ts'),
    import('../ops/find-ingress.ts'),
    import('../ops/aws/find-pipeline.ts'),
  ]);
  const found = await withAccess(connection, async (access) => {
    const stackName = access.stack ?? (await findOnlyStack(access));
    return findIngress(access, stackName, { session, proof: kind });
  });
  return {
    url: url ?? found.url,
    proof: given === undefined ? found.proof : { kind, secret: given },
  };
}

const sessionIn = (body: string) => ownText(JSON.parse(body), 'session');
