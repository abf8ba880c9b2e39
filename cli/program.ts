import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { consoleCommand } from './console.ts';
import { consumerCommand } from './consumer.ts';
import { costCommand } from './cost.ts';
import { demoCommand } from './demo.ts';
import { dlqCommand } from './dlq.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { identityCommand } from './identity.ts';
import { localCommand } from './local.ts';
import { isPublished } from './published.ts';
import { replayCommand } from './replay.ts';
import { rulesCommand } from './rules.ts';
import { secretCommand } from './secret.ts';
import { sendCommand } from './send.ts';
import { stateCommands } from './state.ts';
import { statusCommand } from './status.ts';
import { tailCommand } from './tail.ts';

/** The command line `fanout`, with every command. Throws CommanderError where it would exit. */
export function createProgram(): Command {
  const { version } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  const program = new Command('fanout')
    .description('WhatsApp webhooks in, one typed event stream out.')
    .version(version)
    .showHelpAfterError('(fanout --help and fanout <command> --help say more)');
  for (const command of [
    localCommand(),
    demoCommand(),
    sendCommand(),
    statusCommand(),
    doctorCommand(),
    tailCommand(),
    secretCommand(),
    explainCommand(),
    rulesCommand(),
    dlqCommand(),
    replayCommand(),
    ...stateCommands(),
    identityCommand(),
    costCommand(),
    consoleCommand(),
    // For work on this project only.
    ...(isPublished ? [] : [consumerCommand()]),
  ]) {
    program.addCommand(command);
  }
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
  }
  return program;
}
