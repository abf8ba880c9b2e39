import { Command, Option } from 'commander';
import { defaultMaxAgeMs } from '../ops/checks/finding.ts';
import { addConnectionOptions, parseDuration, parseUrl } from './terminal/options.ts';

/** `fanout status`: the health of the pipeline. */
export function statusCommand(): Command {
  return addConnectionOptions(new Command('status'))
    .summary('Show the health of the pipeline')
    .description('Show the health of the pipeline: endpoint, bus, consumers, queues, sessions')
    .addOption(
      new Option('--max-age <duration>', 'how long an event may wait for a function')
        .argParser(parseDuration)
        .default(defaultMaxAgeMs, '15m'),
    )
    .option('--url <url>', "the webhook URL (default: the stack's output WebhookUrl)", parseUrl)
    .option('--watch [interval]', 'repeat at this interval (5s without a value)', parseDuration)
    .option('--all', 'also the failure queues that are empty')
    .option('--json', 'the full status as one JSON object')
    .addHelpText(
      'after',
      `
Exit status: 0 healthy, 1 degraded, 3 unknown (no answer, or a permission is
missing).

Examples:
  fanout status
  fanout status --stack WhatsAppEventFanout-prod || page-somebody
  fanout status --watch 10s
  fanout status --json | jq '.checks[] | select(.result != "ok")'`,
    )
    .action(async (options) => (await import('./run/status.ts')).status(options));
}
