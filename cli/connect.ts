import { Command, Option } from 'commander';
import { addConnectionOptions, collect, parseDuration, parseUrl } from './terminal/options.ts';

/** `fanout connect`: lets a sender post its events to the endpoint. */
export function connectCommand(): Command {
  const connect = new Command('connect')
    .summary('Connect WAHA or Wawp')
    .description('Connect a sender: WAHA through its API, Wawp by a URL to paste');
  for (const command of [waha(), wawp()]) {
    connect.addCommand(addConnectionOptions(command).exitOverride());
  }
  return connect;
}

const waha = () =>
  new Command('waha')
    .argument('<url>', 'URL of the WAHA server', parseUrl)
    .description('Configure the webhook of a session: URL, HMAC key, events, retries; and check it')
    .addOption(new Option('--api-key <key>', 'the API key of that server').env('WAHA_API_KEY'))
    .option('--session <name>', 'the session', 'default')
    .option('--events <list>', 'events to post instead of those it has, or "recommended"', collect)
    .option(
      '--webhook-url <url>',
      "the endpoint (default: the stack's output WebhookUrl)",
      parseUrl,
    )
    .option('--docker', 'WAHA runs in a container here: reach the endpoint by host.docker.internal')
    .option(
      '--sender <name>',
      'sender whose secret signs, see "fanout secret list" (default: waha)',
    )
    .addOption(
      new Option('--timeout <duration>', 'how long to wait for the first event')
        .argParser(parseDuration)
        .default(60_000, '60s'),
    )
    .option('--no-check', 'do not start the session and wait for a first event')
    .option('--dry-run', 'only show what would be changed')
    .option('--json', 'the outcome as one JSON object')
    .addHelpText(
      'after',
      `
All other settings of the session stay unchanged. WAHA restarts a session whose
configuration changes. Secrets are never printed.

Examples:
  fanout connect waha http://localhost:3000 --docker
  fanout connect waha https://waha.example.com --session shop --dry-run
  fanout connect waha https://waha.example.com --stack WhatsAppEventFanout-prod`,
    )
    .action(async (url, options, command) =>
      (await import('./run/connect.ts')).connectWaha(url, options, command),
    );

const wawp = () =>
  new Command('wawp')
    .description('Print the webhook URL to paste into Wawp, with the secret in it')
    .option(
      '--webhook-url <url>',
      "the endpoint (default: the stack's output WebhookUrl)",
      parseUrl,
    )
    .option(
      '--sender <name>',
      'sender whose secret is used, see "fanout secret list" (default: wawp)',
    )
    .option('--json', 'the URL as one JSON object')
    .addHelpText(
      'after',
      `
Anyone who knows the URL can send events: treat it as a secret.

Examples:
  fanout connect wawp --stack WhatsAppEventFanout-prod
  fanout connect wawp --webhook-url https://tunnel.example.com/webhooks`,
    )
    .action(async (options, command) =>
      (await import('./run/connect.ts')).connectWawp(options, command),
    );
