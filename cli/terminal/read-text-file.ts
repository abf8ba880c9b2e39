import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { printable } from '../../ops/printable.ts';

/** Why a file cannot be opened, by Node's error codes. */
export const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  ENOTDIR: 'a part of its path is a file',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full',
};

/** Reads a file that the command line names, `-` for standard input; one that cannot be read is wrong usage. */
export function readTextFile(path: string, command: Command): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return command.error(`error: ${printable(path)} cannot be read: ${reasons[code] ?? code}.`);
  }
}

/** Parses the text of a file that the command line names; what is not JSON is wrong usage. */
export function parseJson(text: string, path: string, command: Command): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return command.error(`error: ${printable(path)} is not JSON: ${(error as Error).message}.`);
  }
}
