import { Command } from 'commander';
import { defaultAuditFile } from '../ops/audit.ts';
import { addConnectionOptions, collect, collectTypes, parseMoment } from './terminal/options.ts';

const moment = (given: string) => parseMoment(given);

/** `fanout replay`: sends archived events to one consumer again. */
export function replayCommand(): Command {
  return addConnectionOptions(new Command('replay'))
    .summary('Send past events to one consumer again')
    .description('Send past events to one consumer again, marked as replayed')
    .requiredOption('--consumer <name>', 'the only consumer that receives them')
    .requiredOption('--from <time>', 'start: 2h, 7d, 2026-01-31T12:00:00Z', moment)
    .option('--to <time>', 'end (default: now)', moment)
    .option('--type <type>', 'only this event type; may be repeated', collectTypes)
    .option('--session <session>', 'only this session; may be repeated', collect)
    .option('--chat <chat>', 'only this chat, by address or phone number', collect)
    .option('--archive <name>', 'the archive, if the bus has several')
    .option('--no-wait', 'exit as soon as the replay has started')
    .option('--dry-run', 'only show what would be done')
    .option('--reason <text>', 'reason, for the audit log')
    .option('--audit <file>', 'file of the audit log', defaultAuditFile)
    .option('--json', 'the outcome as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  fanout replay --consumer messages --from 2h
  fanout replay --consumer messages --session shop \\
    --from 2026-05-01T08:00:00Z --to 2026-05-01T09:00:00Z
  fanout replay --consumer calls --from 7d --type call.missed --dry-run`,
    )
    .action(async (options, command) => (await import('./run/replay.ts')).replay(options, command));
}
