import { Command } from 'commander';
import { defaultAuditFile } from '../ops/audit.ts';
import { addConnectionOptions, collect, parseMoment } from './terminal/options.ts';

const moment = (given: string) => parseMoment(given);

/** `fanout replay`: past events of the bus's archive once more, to one consumer only. */
export function replayCommand(): Command {
  return addConnectionOptions(new Command('replay'))
    .description('Send past events to one consumer once more, marked as replayed')
    .requiredOption('--consumer <name>', 'who gets them; nobody else does')
    .requiredOption('--from <time>', 'the first: 2h, 7d, 2026-01-31T12:00:00Z', moment)
    .option('--to <time>', 'the end (default: now)', moment)
    .option('--type <type>', 'only this event type; may be given several times', collect)
    .option('--session <session>', 'only this session; may be given several times', collect)
    .option('--chat <chat>', 'only this chat, by address or phone number', collect)
    .option('--archive <name>', 'which archive, where the bus has several')
    .option('--no-wait', 'leave as soon as it has started')
    .option('--dry-run', 'only say what would be done')
    .option('--reason <text>', 'why, for the record')
    .option('--audit <file>', 'where the record of it is kept', defaultAuditFile)
    .option('--json', 'the outcome as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  fanout replay --consumer messages --from 2h
  fanout replay --consumer messages --from 2026-05-01T08:00:00Z --to 2026-05-01T09:00:00Z --session shop
  fanout replay --consumer calls --from 7d --type call.missed --dry-run`,
    )
    .action(async (options, command) => (await import('./run/replay.ts')).replay(options, command));
}
