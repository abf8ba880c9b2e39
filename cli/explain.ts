import { Command, Option } from 'commander';
import { subjectForms } from '../ops/rules/read-event.ts';
import { addConnectionOptions } from './terminal/options.ts';

/** `fanout explain`: which rules an event matches, and why not the others. */
export function explainCommand(): Command {
  return addConnectionOptions(new Command('explain'))
    .argument('<event>', 'a file with an event, "-" for standard input, or an event type')
    .summary('Which rules an event matches, and why not others')
    .description('Show for each rule whether an event matches, or which field does not match')
    .option('--pattern <file>', 'one event pattern in a file instead of the rules on the bus')
    .option('--template <file>', 'the rules of a synthesized template instead')
    .addOption(
      new Option('--as <form>', 'format of the file (default: detected)').choices(subjectForms),
    )
    .option('--all', 'details of every rule, not only of the nearest that does not match')
    .option('--json', 'one JSON object for each rule')
    .addHelpText(
      'after',
      `
Exit status: 0 when a consumer's rule matches, 1 when none does, 2 wrong usage.

Examples:
  fanout explain message.reaction
  fanout explain webhook.json --stack WhatsAppEventFanout-prod
  fanout explain event.json --pattern pattern.json
  fanout explain message \\
    --template cdk.out/WhatsAppEventFanout-dev.template.json`,
    )
    .action(async (given, options, command) =>
      (await import('./run/explain.ts')).explain(given, options, command),
    );
}
