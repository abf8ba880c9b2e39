import { Command } from 'commander';
import { addConnectionOptions, parseCount } from './terminal/options.ts';

/** Rows of a list unless `--limit` says otherwise. */
const defaultLimit = 25;

/** The commands that read what the built-in consumers keep. */
export function stateCommands(): readonly Command[] {
  return [
    pagedCommand('chats')
      .description('The chats, by last activity')
      .action(async (options) => (await import('./state/chats.ts')).chats(options)),
    pagedCommand('chat')
      .description('The messages of a chat, with edits, reactions, receipts and votes')
      .argument('<chat>', 'address or phone number of the chat')
      .action(async (given, options) => (await import('./state/chat.ts')).chat(given, options)),
    stateCommand('group')
      .description('A group: its settings, members and history')
      .argument('<group>', 'address of the group')
      .action(async (given, options) => (await import('./state/group.ts')).group(given, options)),
    pagedCommand('calls')
      .description('The calls, with what became of each')
      .action(async (options) => (await import('./state/calls.ts')).calls(options)),
    stateCommand('labels')
      .description('The labels, and the chats that carry them')
      .option('--chat <chat>', 'only the labels of this chat, by address or phone number')
      .option('--label <id>', 'only this label, with each chat that carries it')
      .action(async (options) => (await import('./state/labels.ts')).labels(options)),
    stateCommand('sessions')
      .description('The sessions: status, number, and since when; one session with its history')
      .action(async (options) => (await import('./state/sessions.ts')).sessions(options)),
  ];
}

/** What people ask, by command. */
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
    .option('--limit <count>', 'how many', parseCount, defaultLimit)
    .option('--before <place>', 'only older ones: a time, or what the page before has named');
}
