import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where recorded runs lie, each as a text of prompts and what came. */
const folder = 'docs/runs';

/** The recordings of the project in `root`, by name. */
export function readRecordings(root: string): ReadonlyMap<string, string> {
  const path = join(root, folder);
  if (!existsSync(path)) return new Map();
  return new Map(
    readdirSync(path)
      .filter((file) => file.endsWith('.txt'))
      .sort()
      .map((file) => [
        file.replace(/\.txt$/, ''),
        readFileSync(join(path, file), 'utf8').trimEnd(),
      ]),
  );
}

/** Writes recordings in place of all that were there. */
export function writeRecordings(root: string, recordings: ReadonlyMap<string, string>): void {
  const path = join(root, folder);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  for (const [name, text] of recordings) writeFileSync(join(path, `${name}.txt`), `${text}\n`);
}
