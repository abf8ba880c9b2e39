import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { catalog, type EventType } from '../events/catalog.ts';
import { ownText } from '../events/own.ts';
import type { ConnectionOptions } from '../ops/aws/connect.ts';
import type { Ingress } from '../ops/find-ingress.ts';
import { freshWebhook, postWebhook } from '../ops/send-webhook.ts';
import { addConnectionOptions } from './terminal/options.ts';
import { formatTable } from './terminal/table.ts';

interface SendOptions extends ConnectionOptions {
  readonly url?: string;
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
  return addConnectionOptions(new Command('send'))
    .description('Sign a webhook and post it, as a sender would')
    .argument('[type]', 'event type, for example message.reaction', parseType)
    .option('--all', 'one example of every type')
    .option('--file <path>', 'a payload, or a full webhook body, instead of the example')
    .addOption(
      new Option(
        '--url <url>',
        'URL of the webhook endpoint (default: that of the local run or the stack)',
      ).env('FANOUT_URL'),
    )
    .option(
      '--secret <secret>',
      'the signing secret, or the URL secret with --as wawp (default: a secret of the local run or the stack; with --url that in SIGNING_SECRET or URL_SECRET)',
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
  fanout send message --stage dev
  fanout send --file webhook.json --url https://example.com/webhooks --secret "$SIGNING_SECRET"`,
    )
    .action(send);
}

function parseType(given: string): EventType {
  if (Object.hasOwn(catalog, given)) {
    return given as EventType;
  }
  throw new InvalidArgumentError(`Known types: ${Object.keys(catalog).join(', ')}.`);
}

async function send(
  type: EventType | undefined,
  options: SendOptions,
  command: Command,
): Promise<void> {
  const bodies = bodiesToSend(type, options, command);
  const { url, proof } = await findTarget(options, sessionIn(bodies[0]?.[1] ?? ''), command);
  const sent: Sent[] = [];
  for (const [name, body] of bodies) {
    const { status, ms, body: answer } = await postWebhook(url, body, proof);
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
  if (url !== undefined) {
    if (!URL.canParse(url)) {
      command.error(
        `error: "${url}" is no URL: give --url one such as https://example.com/webhooks`,
      );
    }
    const given = secret ?? process.env[variable];
    if (given === undefined) {
      command.error(
        `error: with --url, give the secret of that endpoint with --secret or ${variable}; without --url, the local run of this folder is found with its secret`,
      );
    }
    return { url, proof: { kind, secret: given } };
  }
  const [{ withAccess }, { findIngress }, { findOnlyStack }] = await Promise.all([
    import('./terminal/with-pipeline.ts'),
    import('../ops/find-ingress.ts'),
    import('../ops/aws/find-pipeline.ts'),
  ]);
  const target = await withAccess(connection, async (access) => {
    const stackName = access.stack ?? (await findOnlyStack(access));
    return findIngress(access, stackName, { session, proof: kind });
  });
  return secret === undefined ? target : { ...target, proof: { kind, secret } };
}

const sessionIn = (body: string) => ownText(JSON.parse(body), 'session');

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
  const text = readFileSync(path, 'utf8');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    command.error(`error: ${path} is not JSON: ${(error as Error).message}`);
  }
  const event = (content as { event?: unknown } | null)?.event;
  if (typeof event === 'string' && !type) {
    return [event, text];
  }
  if (!type) {
    command.error(`error: ${path} is a payload alone: say which type it is`);
  }
  return [type, JSON.stringify({ ...freshWebhook(type, as), payload: content })];
}

const formatSent = (sent: readonly Sent[]) =>
  formatTable(
    ['type', 'status', 'ms', 'answer'],
    sent.map(({ type, status, ms, answer }) => [type, status, ms, JSON.stringify(answer)]),
  );
