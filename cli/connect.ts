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
    .description('Write webhook, HMAC key, events and retries into a session, and check them')
    .addOption(new Option('--api-key <key>', 'the API key of that server').env('WAHA_API_KEY'))
    .option('--session <name>', 'the session', 'default')
    .option('--events <list>', 'events to post instead of those it has, or "recommended"', collect)
    .option(
      '--webhook-url <url>',
      "the endpoint (default: the stack's output WebhookUrl)",
      parseUrl,
    )
    .option('--docker', 'WAHA runs in a container here: reach the endpoint by host.docker.internal')
    .option('--sender <name>', 'whose secret signs, of "fanout secret list" (default: waha)')
    .option('--timeout <duration>', 'how long to wait for a first event', parseDuration, 60_000)
    .option('--no-check', 'do not wait for a first event, nor start the session for it')
    .option('--dry-run', 'only show what would be changed')
    .option('--json', 'the outcome as one JSON object')
    .addHelpText(
      'after',
      `
Everything else in the session stays as it is. WAHA restarts a session whose
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
    .option('--sender <name>', 'whose secret, of "fanout secret list" (default: wawp)')
    .option('--json', 'the URL as one JSON object')
    .addHelpText(
      'after',
      `
Who knows the URL can send events: keep it as a secret.

Examples:
  fanout connect wawp --stack WhatsAppEventFanout-prod
  fanout connect wawp --webhook-url https://tunnel.example.com/webhooks`,
    )
    .action(async (options, command) =>
      (await import('./run/connect.ts')).connectWawp(options, command),
    );
