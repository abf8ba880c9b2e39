#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { CommanderError, InvalidArgumentError } from 'commander';
import { createProgram } from '../cli/program.ts';

/** Exit status of a command that was called wrongly (as in BSD's sysexits and most shells: not 1). */
const usageStatus = 2;

try {
  await createProgram().parseAsync();
} catch (error) {
  // Commander has printed its own errors, but not one that a parser of ours threw outside of its parsing.
  if (error instanceof CommanderError && !(error instanceof InvalidArgumentError)) {
    process.exitCode = error.exitCode === 0 ? 0 : usageStatus;
  } else {
    console.error(`fanout: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
