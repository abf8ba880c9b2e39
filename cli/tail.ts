import { Command, Option } from 'commander';
import { categoryNames } from '../ops/event-filter.ts';
import { addConnectionOptions, collect, parseCount, parseDuration } from './terminal/options.ts';

/** `fanout tail`: events of the bus as they happen. */
export function tailCommand(): Command {
  return addConnectionOptions(new Command('tail'))
    .summary('Show events as they happen')
    .description('Show events as they happen, through a temporary rule and queue')
    .option('--type <type>', 'only this event type, or "group.*"; may be repeated', collect)
    .addOption(
      new Option('--category <name>', `only this category: ${categoryNames.join(', ')}`).argParser(
        collect,
      ),
    )
    .option('--session <session>', 'only this session; may be repeated', collect)
    .option('--chat <chat>', 'only this chat, by address or phone number', collect)
    .option('--from-me', 'only events caused by this account')
    .option('--no-from-me', 'only events caused by others')
    .option('--pattern <file>', 'an event pattern in a file, instead of the filters above')
    .option('--limit <n>', 'end after so many events', parseCount)
    .option('--for <duration>', 'end after 30s, 15m, 2h', parseDuration)
    .option('--reveal', 'with texts, names and phone numbers')
    .option('--json', 'one JSON object for each event')
    .addHelpText(
      'after',
      `
Consumers still receive every event. The rule and the queue are deleted when
tail ends; if it is killed, the next tail or doctor deletes them.

Examples:
  fanout tail
  fanout tail --type message --no-from-me --session shop --reveal
  fanout tail --type 'group.*' --json | jq .meta.chat
  fanout tail --stack WhatsAppEventFanout-prod
  fanout tail --category calls --limit 1 --for 5m`,
    )
    .action(async (options, command) => (await import('./run/tail.ts')).tail(options, command));
}
