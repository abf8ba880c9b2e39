import { jest } from '@jest/globals';
import type { Command } from 'commander';

/** What a command wrote, and how it ended. */
export interface CommandResult {
  readonly lines: readonly string[];
  /** What it wrote on standard error. */
  readonly errors: string[];
  readonly exitCode: number | string | null | undefined;
}

/** Runs a command in this process, as a shell would, and takes what it writes. */
export async function runCommand(
  command: Command,
  ...words: readonly string[]
): Promise<CommandResult> {
  const lines: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line: unknown) => {
    lines.push(String(line));
  });
  const errors: string[] = [];
  const error = jest.spyOn(console, 'error').mockImplementation((line: unknown) => {
    errors.push(String(line));
  });
  for (const each of [command, ...command.commands]) {
    each.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  }
  process.exitCode = undefined;
  try {
    await command.parseAsync([...words], { from: 'user' });
    return { lines, errors, exitCode: process.exitCode };
  } finally {
    process.exitCode = undefined;
    log.mockRestore();
    error.mockRestore();
  }
}
