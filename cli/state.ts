import { Command, InvalidArgumentError } from 'commander';
import { addConnectionOptions, addExamples, parseCount } from './terminal/options.ts';

/** Default of `--limit`. */
const defaultLimit = 25;

/** `fanout state`: reads the state that the built-in consumers keep. */
export function stateCommand(): Command {
  const state = new Command('state')
    .summary('Look up chats, groups, calls, labels, sessions')
    .description('Look up chats, messages, groups, calls, labels and sessions');
  for (const command of views()) {
    state.addCommand(command.exitOverride());
  }
  return state;
}

const views = (): readonly Command[] => [
  pagedView('chats')
    .description('List the chats, most recently active first')
    .action(async (options) => (await import('./run/state.ts')).chats(options)),
  pagedView('chat')
    .description('Show the messages of a chat, with edits, reactions, receipts and votes')
    .argument('<chat>', 'address or phone number of the chat')
    .action(async (given, options) => (await import('./run/state-chat.ts')).chat(given, options)),
  view('group')
    .description('Show a group: its settings, members and history')
    .argument('<group>', 'address of the group')
    .action(async (given, options) => (await import('./run/state-chat.ts')).group(given, options)),
  pagedView('calls')
    .description('List the calls and their outcomes')
    .action(async (options) => (await import('./run/state.ts')).calls(options)),
  view('labels')
    .description('List the labels and the chats that have them')
    .option('--chat <chat>', 'only the labels of this chat, by address or phone number')
    .option('--label <id>', 'only this label, with each chat that has it')
    .action(async (options) => (await import('./run/state.ts')).labels(options)),
  view('sessions')
    .description('List the sessions: status, phone number, since when; with --session, its history')
    .action(async (options) => (await import('./run/state.ts')).sessions(options)),
];

/** Example calls, by command. */
const examplesOf: Readonly<Record<string, readonly string[]>> = {
  chats: ['fanout state chats --session shop', 'fanout state chats --limit 100 --json'],
  chat: [
    'fanout state chat +12025550142',
    'fanout state chat 120363020000000042@g.us --before 2026-01-31',
  ],
  group: ['fanout state group 120363020000000042@g.us'],
  calls: ['fanout state calls --limit 5', 'fanout state calls --stack WhatsAppEventFanout-prod'],
  labels: ['fanout state labels', 'fanout state labels --chat +12025550142'],
  sessions: ['fanout state sessions', 'fanout state sessions --session shop'],
};

function view(name: string): Command {
  return addExamples(addConnectionOptions(new Command(name)), examplesOf[name])
    .option('--session <session>', 'only this session (default: all)')
    .option('--json', 'one JSON object for each row');
}

const pagedView = (name: string): Command =>
  view(name)
    .option('--limit <count>', 'maximum number of rows', parseCount, defaultLimit)
    .option(
      '--before <place>',
      'only older rows: a time, or the cursor that the previous page printed',
      parsePlace,
    );

/** The beginning of an ISO-8601 time; a cursor begins with one too. */
function parsePlace(text: string): string {
  if (/^\d{4}-\d{2}/.test(text)) {
    return text;
  }
  throw new InvalidArgumentError(
    'Give a time such as 2026-01-31 or 2026-01-31T12:00, or the cursor that the previous page printed.',
  );
}
