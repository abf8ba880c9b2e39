import { execFile, execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A copy of the project that a test may change. */
export interface ScratchCopy {
  readonly directory: string;
  /** Path of a file of the project in the copy. */
  inCopy(path: string): string;
  /** Runs Node in the copy. Returns its exit code and output; of a failure, stderr too. */
  run(...args: string[]): Promise<{ readonly code: number; readonly stdout: string }>;
  remove(): void;
}

/** Copies the files that git tracks or would add, as they are now. The installed packages are linked, not copied. */
export function makeScratchCopy(): ScratchCopy {
  const directory = mkdtempSync(join(tmpdir(), 'fanout-copy-'));
  const inCopy = (path: string) => join(directory, path);
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  for (const path of execFileSync('git', listed, { cwd: root, encoding: 'utf8' }).split('\0')) {
    if (path !== '' && existsSync(join(root, path))) {
      cpSync(join(root, path), inCopy(path));
    }
  }
  const own = inCopy('node_modules/@event-fanout');
  mkdirSync(own, { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === '@event-fanout') {
      continue;
    }
    symlinkSync(join(root, 'node_modules', name), inCopy(join('node_modules', name)));
  }
  // The packages that the copy has itself.
  for (const { name } of readdirSync(inCopy('packages'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )) {
    symlinkSync(inCopy(join('packages', name)), join(own, name));
  }
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
