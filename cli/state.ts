import { Command } from 'commander';
import { addConnectionOptions, parseCount } from './terminal/options.ts';

/** Rows of a list unless `--limit` says otherwise. */
const defaultLimit = 25;

/** The commands that read the state of the built-in consumers. */
export function stateCommands(): readonly Command[] {
  return [
    pagedCommand('chats')
      .description('List the chats, most recently active first')
      .action(async (options) => (await import('./state/chats.ts')).chats(options)),
    pagedCommand('chat')
      .description('Show the messages of a chat, with edits, reactions, receipts and votes')
      .argument('<chat>', 'address or phone number of the chat')
      .action(async (given, options) => (await import('./state/chat.ts')).chat(given, options)),
    stateCommand('group')
      .description('Show a group: its settings, members and history')
      .argument('<group>', 'address of the group')
      .action(async (given, options) => (await import('./state/group.ts')).group(given, options)),
    pagedCommand('calls')
      .description('List the calls and their outcomes')
      .action(async (options) => (await import('./state/calls.ts')).calls(options)),
    stateCommand('labels')
      .description('List the labels and the chats that have them')
      .option('--chat <chat>', 'only the labels of this chat, by address or phone number')
      .option('--label <id>', 'only this label, with each chat that has it')
      .action(async (options) => (await import('./state/labels.ts')).labels(options)),
    stateCommand('sessions')
      .description(
        'List the sessions: status, phone number, since when; with --session, its history',
      )
      .action(async (options) => (await import('./state/sessions.ts')).sessions(options)),
  ];
}

/** Example calls, by command. */
const examplesOf: Readonly<Record<string, readonly string[]>> = {
  chats: ['fanout chats --session shop', 'fanout chats --limit 100 --json'],
  chat: ['fanout chat +12025550142', 'fanout chat 120363020000000042@g.us --before 2026-01-31'],
  group: ['fanout group 120363020000000042@g.us'],
  calls: ['fanout calls --limit 5', 'fanout calls --stack WhatsAppEventFanout-prod'],
  labels: ['fanout labels', 'fanout labels --chat +12025550142'],
  sessions: ['fanout sessions', 'fanout sessions --session shop'],
};

function stateCommand(name: string): Command {
  const examples = examplesOf[name] ?? [];
  return addConnectionOptions(new Command(name))
    .addHelpText('after', `\nExamples:\n  ${examples.join('\n  ')}`)
    .option('--session <session>', 'only this session (default: all)')
    .option('--json', 'one JSON object for each row');
}

function pagedCommand(name: string): Command {
  return stateCommand(name)
    .option('--limit <count>', 'maximum number of rows', parseCount, defaultLimit)
    .option(
      '--before <place>',
      'only older rows: a time, or the cursor that the previous page printed',
    );
}
