import { Command, Option } from 'commander';
import { defaultMaxAgeMs } from '../ops/checks/finding.ts';
import { addConnectionOptions, parseDuration } from './terminal/options.ts';

/** `fanout status`: whether all of it works. */
export function statusCommand(): Command {
  return addConnectionOptions(new Command('status'))
    .description('Whether the whole pipeline works: ingress, bus, consumers, queues, sessions')
    .addOption(
      new Option('--max-age <duration>', 'how long an event may wait for a function')
        .argParser(parseDuration)
        .default(defaultMaxAgeMs, '15m'),
    )
    .option('--url <url>', "the webhook URL (default: the stack's output WebhookUrl)")
    .option('--watch [interval]', 'look again every 5s, or as often as you say', parseDuration)
    .option('--json', 'all of it as one JSON object')
    .addHelpText(
      'after',
      `
Ends with 0 when all is well, 1 when something is degraded, 3 when it is unknown (nothing
answers, or something may not be looked at), 2 when called wrongly.

Examples:
  fanout status
  fanout status --stack WhatsAppEventFanout-prod || page-somebody
  fanout status --watch 10s
  fanout status --json | jq '.checks[] | select(.result != "ok")'`,
    )
    .action(async (options) => (await import('./run/status.ts')).status(options));
}
