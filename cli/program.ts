import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { own, ownText } from '../events/own.ts';
import { printable } from '../ops/printable.ts';
import { connectCommand } from './connect.ts';
import { consoleCommand } from './console.ts';
import { consumerCommand } from './consumer.ts';
import { costCommand } from './cost.ts';
import { demoCommand } from './demo.ts';
import { dlqCommand } from './dlq.ts';
import { doctorCommand } from './doctor.ts';
import { exitStatus, exitStatusMeanings } from './exit-status.ts';
import { explainCommand } from './explain.ts';
import { identityCommand } from './identity.ts';
import { localCommand } from './local.ts';
import { logsCommand } from './logs.ts';
import { isPublished } from './published.ts';
import { replayCommand } from './replay.ts';
import { rulesCommand } from './rules.ts';
import { secretCommand } from './secret.ts';
import { sendCommand } from './send.ts';
import { stateCommand } from './state.ts';
import { statusCommand } from './status.ts';
import { tailCommand } from './tail.ts';
import { InterruptedError } from './terminal/interruption.ts';
import { reasons } from './terminal/read-text-file.ts';

/** The commands in the groups of the help text. */
const groups = (): Readonly<Record<string, readonly Command[]>> => ({
  'Develop:': [
    localCommand(),
    demoCommand(),
    connectCommand(),
    sendCommand(),
    tailCommand(),
    // For work on this project only.
    ...(isPublished ? [] : [consumerCommand()]),
  ],
  'Understand:': [explainCommand(), rulesCommand(), costCommand(), consoleCommand()],
  'Operate:': [
    statusCommand(),
    doctorCommand(),
    logsCommand(),
    dlqCommand(),
    replayCommand(),
    secretCommand(),
  ],
  'State:': [stateCommand(), identityCommand()],
});

/** The command line `fanout`, with every command. Throws CommanderError where it would exit. */
export function createProgram(): Command {
  const { version } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  const program = new Command('fanout')
    .description('WhatsApp webhooks in, one typed event stream out.')
    .version(version)
    .showHelpAfterError('("fanout --help" and "fanout <command> --help" say more)')
    .addHelpText('after', `\n${exitStatusTable()}`);
  for (const [heading, commands] of Object.entries(groups())) {
    for (const command of commands) {
      program.addCommand(command.helpGroup(heading));
    }
  }
  program.configureOutput({
    outputError: (text, write) => write(namingTheParent(text, program)),
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
  }
  refuseEmptyValues(program);
  return program;
}

/**
 * Refuses empty values of options and arguments: of a variable that a script has not set, say, which must not
 * count as "any" or as the current folder. Environment variables of options may be empty.
 */
function refuseEmptyValues(program: Command): void {
  for (const command of [
    program,
    ...program.commands.flatMap((each) => [each, ...each.commands]),
  ]) {
    for (const option of command.options) {
      command.on(`option:${option.name()}`, (value: string | null | undefined) => {
        if (value?.trim() === '') {
          command.error(`error: option '${option.flags}' has an empty value.`);
        }
      });
    }
  }
  program.hook('preAction', (_, command) => {
    const empty = command.args.findIndex((each) => each.trim() === '');
    if (empty >= 0) {
      const name = command.registeredArguments[empty]?.name() ?? '';
      command.error(`error: argument '${name}' is empty.`);
    }
  });
}

const exitStatusTable = () =>
  [
    'Exit status:',
    ...exitStatusMeanings.map(([status, meaning]) => `  ${String(status).padEnd(4)} ${meaning}`),
  ].join('\n');

/**
 * The text of an error. For an unknown command that is a subcommand of another one, such as `chats` of
 * `state`, the hint names that one.
 */
function namingTheParent(error: string, program: Command): string {
  const [, name] = /^error: unknown command '([^']+)'/.exec(error) ?? [];
  const parents = program.commands.filter(({ commands }) =>
    commands.some((each) => each.name() === name),
  );
  const [parent] = parents;
  return parent && parents.length === 1
    ? `error: unknown command '${name}'\n(Did you mean ${parent.name()} ${name}?)\n`
    : error;
}

/** `help dlq show` as `dlq show --help`: Commander's own command `help` takes one name only. */
const helpOfSubcommand = (words: readonly string[]): readonly string[] =>
  words[0] === 'help' && words.length > 2 ? [...words.slice(1), '--help'] : words;

/**
 * Runs the command line. Errors are printed as sentences; unexpected ones with their original message.
 *
 * @param words the arguments after the command's name
 * @returns the exit status, one of {@link exitStatus}
 */
export async function main(words: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(helpOfSubcommand(words), { from: 'user' });
    return Number(process.exitCode ?? exitStatus.ok);
  } catch (error) {
    // Commander prints its own errors, but not those of our parsers that are thrown outside of its parsing.
    if (error instanceof CommanderError && !(error instanceof InvalidArgumentError)) {
      return error.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
    }
    console.error(`fanout: ${describe(error)}`);
    if (error instanceof InterruptedError) {
      return exitStatus.interrupted;
    }
    // Settings and files are on the command line, or in files that it names.
    const isUsage =
      error instanceof InvalidArgumentError ||
      (error as Error).name === 'SettingsError' ||
      [error, own(error, 'cause')].some(isUnopened);
    return isUsage ? exitStatus.usage : exitStatus.failed;
  }
}

/** Whether an error is that of Node.js for a file that could not be opened. */
const isUnopened = (error: unknown) => own(error, 'syscall') === 'open';

/** Why a file could not be opened; undefined for another error, also for one that says it in its own words. */
function unreadable(error: unknown): string | undefined {
  const cause = own(error, 'cause');
  const found = own(error, 'message') === String(cause) ? cause : error;
  const [path, code = ''] = [ownText(found, 'path'), ownText(found, 'code')];
  return isUnopened(found) && path
    ? `${printable(path)} cannot be opened: ${reasons[code] ?? code}.`
    : undefined;
}

/** The message of an error, with what to do if that is known. */
function describe(error: unknown): string {
  const fileProblem = unreadable(error);
  if (fileProblem !== undefined || !(error instanceof Error)) {
    return fileProblem ?? String(error);
  }
  if (error.name === 'DataDirectoryError') {
    return error.message.replace(/\.$/, ' (--data).');
  }
  const [, missing] = /Cannot find package '(aws-cdk-lib|constructs)'/.exec(error.message) ?? [];
  if (missing === undefined) {
    return error.message;
  }
  return `This command synthesizes the stack and needs ${missing}: npm install aws-cdk-lib constructs`;
}
