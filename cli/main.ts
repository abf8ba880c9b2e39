import { CommanderError, InvalidArgumentError } from 'commander';
import { exitStatus } from './exit-status.ts';
import { createProgram } from './program.ts';
import { InterruptedError } from './terminal/interruption.ts';

/**
 * Runs the command line. An error is printed as a sentence; what a person cannot do anything about keeps
 * its own words.
 *
 * @param words what stands behind the command's name
 * @returns the exit status, one of {@link exitStatus}
 */
export async function main(words: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? exitStatus.ok);
  } catch (error) {
    // Commander has printed its own errors, but not one that a parser of ours threw outside of its parsing.
    if (error instanceof CommanderError && !(error instanceof InvalidArgumentError)) {
      return error.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
    }
    console.error(`fanout: ${describe(error)}`);
    if (error instanceof InterruptedError) {
      return exitStatus.interrupted;
    }
    // Settings are given on the command line, or in files that it names.
    return (error as Error).name === 'SettingsError' ? exitStatus.usage : exitStatus.failed;
  }
}

/** What a person can do about an error. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const [, missing] = /Cannot find package '(aws-cdk-lib|constructs)'/.exec(error.message) ?? [];
  if (missing === undefined) {
    return error.message;
  }
  return `This command synthesizes the stack and needs ${missing}: npm install aws-cdk-lib constructs`;
}
