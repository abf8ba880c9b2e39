import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A copy of the project that a test may change. */
export interface ScratchCopy {
  readonly directory: string;
  /** Where a file of the project is in the copy. */
  inCopy(path: string): string;
  /** Runs Node there, and tells how it ended; of a failure also what it said to stderr. */
  run(...args: string[]): Promise<{ readonly code: number; readonly stdout: string }>;
  remove(): void;
}

/** Copies what git knows or would take, as it lies here now; packages are those of the project. */
export function makeScratchCopy(): ScratchCopy {
  const directory = mkdtempSync(join(tmpdir(), 'fanout-copy-'));
  const inCopy = (path: string) => join(directory, path);
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  for (const path of execFileSync('git', listed, { cwd: root, encoding: 'utf8' }).split('\0')) {
    if (path !== '' && existsSync(join(root, path))) cpSync(join(root, path), inCopy(path));
  }
  symlinkSync(join(root, 'node_modules'), inCopy('node_modules'));
  return {
    directory,
    inCopy,
    run: (...args) =>
      promisify(execFile)(process.execPath, args, { cwd: directory, encoding: 'utf8' }).then(
        ({ stdout }) => ({ code: 0, stdout }),
        ({ code, stdout, stderr }) => ({ code, stdout: `${stdout}${stderr}` }),
      ),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
