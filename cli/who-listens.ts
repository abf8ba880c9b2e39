import { Command } from 'commander';
import { addConnectionOptions } from './terminal/options.ts';

/** `fanout who-listens`: the consumers that hear events of a type. */
export function whoListensCommand(): Command {
  return addConnectionOptions(new Command('who-listens'))
    .argument('<type>', 'event type, for example message.reaction')
    .description('Which consumers hear events of a type, always or under which condition')
    .option('--template <file>', 'the rules of a synthesized template instead of those on the bus')
    .option('--json', 'one JSON object for each rule')
    .addHelpText(
      'after',
      `
Ends with 0 when somebody listens, 1 when nobody does, 2 when called wrongly.

Examples:
  fanout who-listens message
  fanout who-listens call.missed --stack WhatsAppEventFanout-prod --json`,
    )
    .action(async (type, options, command) =>
      (await import('./run/who-listens.ts')).whoListens(type, options, command),
    );
}
