import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { addableKinds } from './consumer/new-consumer.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const collect = (value: string, before: readonly string[] = []) => [...before, value];

/** `fanout consumer`: adds consumers to the table. For those who work on this project. */
export function consumerCommand(): Command {
  const add = new Command('add')
    .argument('<name>', 'name of the consumer: a-z, 0-9 and hyphens')
    .description('Write the row of a new consumer and, for a function, its handler with a test')
    .option('--type <type>', 'an event type that it subscribes to; may be repeated', collect)
    .option(
      '--category <name>',
      'a category that it subscribes to, instead of types; may be repeated',
      collect,
    )
    .addOption(
      new Option('--to <kind>', 'how it is delivered').choices(addableKinds).default('function'),
    )
    .option('--endpoint <url>', 'URL, for --to https')
    .option('--bus-arn <arn>', 'ARN of the event bus, for --to bus')
    .option('--summary <sentence>', 'one sentence: the purpose of the consumer')
    .option('--dry-run', 'only show what would be written')
    .addHelpText(
      'after',
      `
Examples:
  fanout consumer add orders --category messages
  fanout consumer add crm --to https --endpoint https://example.com/hook \\
    --type message --dry-run`,
    )
    .action(async (name, options) =>
      (await import('./consumer/add-consumer.ts')).addConsumer(root, { name, ...options }),
    );
  return new Command('consumer')
    .summary('Add a consumer to the table')
    .description('Add consumers to the table (for work on this project)')
    .addCommand(add.exitOverride());
}
