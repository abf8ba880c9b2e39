import { Command, Option } from 'commander';
import { defaultAuditFile } from '../ops/audit.ts';
import { groupings } from '../ops/dead-letters/describe-message.ts';
import {
  addConnectionOptions,
  addExamples,
  addFilterOptions,
  parseCount,
  parseRate,
  parseSkip,
} from './terminal/options.ts';

const queueHelp = 'queue name, consumer name, or undeliverable, unrouted, spill';

/** `fanout dlq`: reads, redrives, purges, exports and imports the messages of failure queues. */
export function dlqCommand(): Command {
  const dlq = new Command('dlq')
    .summary('Read and redrive what failed')
    .description('Read, redrive, purge, export and import the messages of failure queues');
  const commands = [list(), show(), redrive(), purge(), exportTo(), importFrom()];
  for (const command of commands) {
    addExamples(command, examplesOf[command.name()]);
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
 * The action of a command is imported when it runs: loading the AWS SDK would make every `--help` slow.
 */

const list = () =>
  new Command('list')
    .description('List the failure queues: number of messages and age of the oldest')
    .option('--all', 'also those that are empty')
    .option('--json', 'one JSON object for each queue')
    .action(async (options) => (await import('./run/dlq-show.ts')).list(options));

const show = () =>
  addFilterOptions(new Command('show').argument('<queue>', queueHelp))
    .description(
      'Show the messages of a queue and leave them there; personal data only with --reveal',
    )
    .option('--limit <n>', 'maximum number of messages', parseCount, 100)
    .addOption(new Option('--group-by <what>', 'count instead of list').choices(groupings))
    .option('--full', 'the full envelopes')
    .option('--reveal', 'with texts, names and phone numbers')
    .option('--json', 'one JSON object for each message or group')
    .action(async (queue, options, command) =>
      (await import('./run/dlq-show.ts')).show(queue, options, command),
    );

const redrive = () =>
  audited(addFilterOptions(new Command('redrive').argument('<queue>', queueHelp)))
    .description('Move messages back to the queue or bus that they came from')
    .option('--dry-run', 'only show what would be sent where')
    .option('--rate <n>', 'maximum messages per second', parseRate)
    .option('--limit <n>', 'maximum number of messages', parseCount)
    .option('--json', 'the summary as one JSON object')
    .action(async (queue, options, command) =>
      (await import('./run/dlq-redrive.ts')).redrive(queue, options, command),
    );

const purge = () =>
  audited(addFilterOptions(new Command('purge').argument('<queue>', queueHelp)))
    .description('Delete messages permanently')
    .option('--limit <n>', 'maximum number of messages', parseCount)
    .option('--yes', 'do not ask for confirmation')
    .option('--json', 'the summary as one JSON object')
    .action(async (queue, options, command) =>
      (await import('./run/dlq-redrive.ts')).purge(queue, options, command),
    );

const exportTo = () =>
  audited(addFilterOptions(new Command('export').argument('<queue>', queueHelp)))
    .argument('<file>', 'a new NDJSON file')
    .description('Copy messages to a file, including personal data; they stay in the queue')
    .option('--limit <n>', 'maximum number of messages', parseCount)
    .option('--json', 'the summary as one JSON object')
    .action(async (queue, file, options, command) =>
      (await import('./run/dlq-files.ts')).exportTo(queue, file, options, command),
    );

const importFrom = () =>
  audited(new Command('import').argument('<queue>', queueHelp))
    .argument('<file>', 'a file written by export')
    .description('Send the messages of a file to a queue')
    .option(
      '--skip <lines>',
      'number of lines that an interrupted run has already sent',
      parseSkip,
      0,
    )
    .option('--dry-run', 'only check the file')
    .option('--json', 'the summary as one JSON object')
    .action(async (queue, file, options, command) =>
      (await import('./run/dlq-files.ts')).importFrom(queue, file, options, command),
    );

const audited = (command: Command) =>
  command
    .option('--reason <text>', 'reason, for the audit log')
    .option('--audit <file>', 'file of the audit log', defaultAuditFile);
