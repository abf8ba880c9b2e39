import { Command, Option } from 'commander';
import { addConnectionOptions, parseDuration } from './terminal/options.ts';

/** `fanout doctor`: what could be wrong around the pipeline. */
export function doctorCommand(): Command {
  return addConnectionOptions(new Command('doctor'))
    .description(
      'All that could be wrong: what status finds, versions, deployment, sender, leftovers',
    )
    .option('--waha <url>', 'look at the sessions of this WAHA server too')
    .addOption(new Option('--api-key <key>', 'the API key of that server').env('WAHA_API_KEY'))
    .option(
      '--listen <duration>',
      'receive events for so long, for what only they show',
      parseDuration,
    )
    .option('--context <name=value...>', 'CDK context that the deployment was made with')
    .option('--no-drift', 'do not synthesize the app to compare it with what is deployed')
    .option('--json', 'one JSON object for each finding')
    .addHelpText(
      'after',
      `
Ends with 0 when nothing needs fixing, 1 when something does, 3 when something could not be looked
at, 2 when called wrongly. What killed commands have left behind is removed.

Examples:
  fanout doctor
  fanout doctor --stack WhatsAppEventFanout-prod --context archiveDays=90
  WAHA_API_KEY=… fanout doctor --waha http://localhost:3000
  fanout doctor --listen 30s --json | jq 'select(.level != "ok")'`,
    )
    .action(async (options) => (await import('./run/doctor.ts')).doctor(options));
}
