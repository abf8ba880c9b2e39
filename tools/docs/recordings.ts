import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of recorded runs: prompts and output as text. */
const folder = 'docs/runs';

/** The recordings of the project in `root`, by name. */
export function readRecordings(root: string): ReadonlyMap<string, string> {
  const path = join(root, folder);
  if (!existsSync(path)) {
    return new Map();
  }
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

/** Replaces all recordings. */
export function writeRecordings(root: string, recordings: ReadonlyMap<string, string>): void {
  const path = join(root, folder);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  for (const [name, text] of recordings) {
    writeFileSync(join(path, `${name}.txt`), `${text}\n`);
  }
}

/** Output that differs from run to run, and its replacement in comparisons. */
const changing: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?Z?/g, '‹time›'],
  [/\b\d{2}:\d{2}:\d{2}\b/g, '‹time›'],
  // The row of the endpoint: keeps the status, replaces the milliseconds.
  [/(\/webhooks +401) +\d+/g, '$1 ‹ms›'],
  [/"ms":\d+/g, '"ms":‹ms›'],
  [/"oldestSeconds":\d+/g, '"oldestSeconds":‹age›'],
  [/\b\d+(ms|s|m|h|d)\b/g, '‹age›'],
  [/\.ts:\d+:\d+/g, '.ts:‹line›'],
  [/Node\.js \d+\.\d+\.\d+/g, 'Node.js ‹version›'],
  [/npm \d+\.\d+\.\d+/g, 'npm ‹version›'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '‹id›'],
  [/\b[0-9A-Fa-f]{16,}\b/g, '‹id›'],
  [/\bevt_\w+/g, '‹id›'],
  [/[ \t]{2,}/g, '  '],
];

/** A recorded run without what differs from run to run, so that two of them can be compared. */
export function comparableRun(text: string): string {
  return changing.reduce((remaining, [pattern, sign]) => remaining.replace(pattern, sign), text);
}
