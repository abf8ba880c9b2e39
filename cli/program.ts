import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { connectCommand } from './connect.ts';
import { consoleCommand } from './console.ts';
import { consumerCommand } from './consumer.ts';
import { costCommand } from './cost.ts';
import { demoCommand } from './demo.ts';
import { dlqCommand } from './dlq.ts';
import { doctorCommand } from './doctor.ts';
import { exitStatusMeanings } from './exit-status.ts';
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

/** The commands by what they are for, as the help lists them. */
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
  return program;
}

const exitStatusTable = () =>
  [
    'Exit status:',
    ...exitStatusMeanings.map(([status, meaning]) => `  ${String(status).padEnd(4)} ${meaning}`),
  ].join('\n');

/**
 * An error as it is printed: for an unknown command that is one of another's, such as `chats` of `state`,
 * the advice names that one.
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
