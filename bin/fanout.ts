#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { CommanderError, InvalidArgumentError } from 'commander';
import { exitStatus } from '../cli/exit-status.ts';
import { createProgram } from '../cli/program.ts';
import { InterruptedError } from '../cli/terminal/interruption.ts';

// A reader of the output may stop before its end, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') {
    process.exit();
  }
  throw error;
});

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

try {
  await createProgram().parseAsync();
} catch (error) {
  // Commander has printed its own errors, but not one that a parser of ours threw outside of its parsing.
  if (error instanceof CommanderError && !(error instanceof InvalidArgumentError)) {
    process.exitCode = error.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
  } else {
    console.error(`fanout: ${describe(error)}`);
    process.exitCode =
      error instanceof InterruptedError ? exitStatus.interrupted : exitStatus.failed;
  }
}
