import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where the tests keep what takes seconds to make; `npm ci` empties it. */
const cache = join(root, 'node_modules/.cache/whatsapp-event-fanout');

/** What a synthesized app is made of. */
const sources = [
  'bin',
  'lib',
  'lambdas',
  'events',
  'packages',
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** How long something is kept that nothing has made again. */
const keptForMs = 24 * 3_600_000;

/** How long to wait for another test that makes the same. */
const lockTimeoutMs = 300_000;

/**
 * A directory made from the project's sources: made once, and used again by every test and every run
 * until a source changes. Of tests that want the same at the same time, one makes it and the others wait.
 *
 * @param name what it is
 * @param settings what it is made with besides the sources
 * @param make writes it into an empty directory
 * @returns the directory, which must not be changed
 */
export async function keep(
  name: string,
  settings: object,
  make: (directory: string) => Promise<void> | void,
): Promise<string> {
  const directory = join(cache, `${name}-${hashSources(settings)}`);
  if (existsSync(directory)) {
    return directory;
  }
  mkdirSync(cache, { recursive: true });
  const unlock = lock(`${directory}.lock`);
  try {
    if (existsSync(directory)) {
      return directory;
    }
    removeOld();
    const fresh = mkdtempSync(join(cache, 'fresh-'));
    try {
      await make(fresh);
      renameSync(fresh, directory);
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      throw error;
    }
    return directory;
  } finally {
    unlock();
  }
}

/** Waits for a lock, which the operating system releases when the process ends, in whatever way. */
function lock(path: string): () => void {
  const database = new DatabaseSync(path, { timeout: lockTimeoutMs });
  database.exec('BEGIN EXCLUSIVE');
  return () => database.close();
}

function removeOld(): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (changed < Date.now() - keptForMs) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}

/** Paths are part of it: a template names the files of its assets. */
function hashSources(settings: object): string {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const source of sources) {
    const path = join(root, source);
    const files = statSync(path).isFile()
      ? [path]
      : readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .sort();
    for (const file of files) {
      hash.update(file).update(readFileSync(file));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
