import { Command, Option } from 'commander';
import { defaultAuditFile } from '../ops/audit.ts';
import { groupings } from '../ops/dead-letters/describe-message.ts';
import { addFilterOptions } from './dlq/filter-options.ts';
import { addConnectionOptions, parseCount, parseRate } from './terminal/options.ts';

const queueHelp = 'its name, or the consumer, or undeliverable, unrouted, spill';

/** `fanout dlq`: everything that ended somewhere else than it should, to be read and sent on. */
export function dlqCommand(): Command {
  const dlq = new Command('dlq').description('Read, redrive, purge, export dead-letter messages');
  const commands = [list(), show(), redrive(), purge(), exportTo(), importFrom()];
  for (const command of commands) {
    const examples = examplesOf[command.name()] ?? [];
    command.addHelpText('after', `\nExamples:\n  ${examples.join('\n  ')}`);
    dlq.addCommand(addConnectionOptions(command).exitOverride());
  }
  return dlq;
}

const examplesOf: Readonly<Record<string, readonly string[]>> = {
  list: ['fanout dlq list', 'fanout dlq list --stack WhatsAppEventFanout-prod --json'],
  show: [
    'fanout dlq show messages --group-by error',
    'fanout dlq show unrouted --type engine.event --since 2h',
  ],
  redrive: [
    'fanout dlq redrive messages --dry-run',
    'fanout dlq redrive messages --rate 50 --reason "fixed in 1.4.2"',
  ],
  purge: [
    'fanout dlq purge unrouted --type engine.event',
    'fanout dlq purge polls --since 1d --yes',
  ],
  export: ['fanout dlq export undeliverable messages.ndjson'],
  import: ['fanout dlq import messages messages.ndjson --dry-run'],
};

/*
 * What a command does is imported when it runs: the AWS SDK would make every `--help` slow.
 */

const list = () =>
  new Command('list')
    .description('The queues in which messages end, how many are in them, and since when')
    .option('--json', 'one JSON object for each queue')
    .action(async (options) => (await import('./dlq/list.ts')).list(options));

const show = () =>
  addFilterOptions(new Command('show').argument('<queue>', queueHelp))
    .description('What is in a queue, without taking it out; nothing personal unless asked for')
    .option('--limit <n>', 'messages at most', parseCount, 100)
    .addOption(new Option('--group-by <what>', 'count instead of list').choices(groupings))
    .option('--full', 'the whole envelopes')
    .option('--reveal', 'with texts, names and phone numbers')
    .option('--json', 'one JSON object for each message or group')
    .action(async (queue, options, command) =>
      (await import('./dlq/show.ts')).show(queue, options, command),
    );

const redrive = () =>
  audited(addFilterOptions(new Command('redrive').argument('<queue>', queueHelp)))
    .description('Send each message to the target that it failed at, and to no other')
    .option('--dry-run', 'only say what would go where')
    .option('--rate <n>', 'messages a second at most', parseRate)
    .option('--limit <n>', 'messages at most', parseCount)
    .option('--json', 'the summary as one JSON object')
    .action(async (queue, options, command) =>
      (await import('./dlq/redrive.ts')).redrive(queue, options, command),
    );

const purge = () =>
  audited(addFilterOptions(new Command('purge').argument('<queue>', queueHelp)))
    .description('Delete messages for good')
    .option('--limit <n>', 'messages at most', parseCount)
    .option('--yes', 'without being asked for the name of the queue')
    .option('--json', 'the summary as one JSON object')
    .action(async (queue, options, command) =>
      (await import('./dlq/purge.ts')).purge(queue, options, command),
    );

const exportTo = () =>
  audited(addFilterOptions(new Command('export').argument('<queue>', queueHelp)))
    .argument('<file>', 'a new NDJSON file')
    .description('Copy messages into a file, personal content included; they stay in the queue')
    .option('--limit <n>', 'messages at most', parseCount)
    .option('--json', 'the summary as one JSON object')
    .action(async (queue, file, options, command) =>
      (await import('./dlq/export.ts')).exportTo(queue, file, options, command),
    );

const importFrom = () =>
  audited(new Command('import').argument('<queue>', queueHelp))
    .argument('<file>', 'a file that export has written')
    .description('Send the messages of a file to a queue')
    .option('--skip <lines>', 'lines that an interrupted run has sent', parseCount, 0)
    .option('--dry-run', 'only check the file')
    .option('--json', 'the summary as one JSON object')
    .action(async (queue, file, options, command) =>
      (await import('./dlq/import.ts')).importFrom(queue, file, options, command),
    );

const audited = (command: Command) =>
  command
    .option('--reason <text>', 'why, for the record')
    .option('--audit <file>', 'where the record of it is kept', defaultAuditFile);
