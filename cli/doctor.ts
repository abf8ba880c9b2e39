import { Command, Option } from 'commander';
import {
  addConnectionOptions,
  collectContext,
  parseDuration,
  parseUrl,
} from './terminal/options.ts';

/** `fanout doctor`: diagnoses the pipeline and what it depends on. */
export function doctorCommand(): Command {
  return addConnectionOptions(new Command('doctor'))
    .summary('Diagnose everything, and say what to do')
    .description('Diagnose everything: what status checks, versions, deployment, sender, leftovers')
    .option('--waha <url>', 'also check the sessions of this WAHA server', parseUrl)
    .addOption(new Option('--api-key <key>', 'the API key of that server').env('WAHA_API_KEY'))
    .option('--listen <duration>', 'receive events for this long and check them too', parseDuration)
    .option(
      '--context <name=value...>',
      'CDK context that the deployment was made with',
      collectContext,
    )
    .option('--no-drift', 'do not synthesize the app to compare it with what is deployed')
    .option('--json', 'one JSON object for each finding')
    .addHelpText(
      'after',
      `
Exit status: 0 no problem, 1 a problem was found, 3 a check could not run.
Removes the rules and queues that killed commands have left behind.

Examples:
  fanout doctor
  fanout doctor --stack WhatsAppEventFanout-prod --context archiveDays=90
  WAHA_API_KEY=… fanout doctor --waha http://localhost:3000
  fanout doctor --listen 30s --json | jq 'select(.level != "ok")'`,
    )
    .action(async (options) => (await import('./run/doctor.ts')).doctor(options));
}
