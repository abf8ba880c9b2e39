import { Command } from 'commander';
import { addConnectionOptions } from './terminal/options.ts';

/** `fanout rules`: shows the rules that match events of a type, and their consumers. */
export function rulesCommand(): Command {
  return addConnectionOptions(new Command('rules'))
    .requiredOption('--for <type>', 'event type, for example message.reaction')
    .summary('Which consumers receive an event type')
    .description('Which consumers receive events of a type, always or under which condition')
    .option('--template <file>', 'the rules of a synthesized template instead of those on the bus')
    .option('--json', 'one JSON object for each rule')
    .addHelpText(
      'after',
      `
Exit status: 0 when a consumer receives the type, 1 when none does.

Examples:
  fanout rules --for message
  fanout rules --for call.missed --stack WhatsAppEventFanout-prod --json`,
    )
    .action(async (options, command) => (await import('./run/rules.ts')).rules(options, command));
}
