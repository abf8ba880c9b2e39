import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** One line of a function's log. */
export interface LoggedLine {
  /** Epoch milliseconds; undefined where neither the line nor one before it says it. */
  readonly at: number | undefined;
  readonly text: string;
}

/** Which lines are read. */
export interface LogQuery {
  /** Only lines from then on, in epoch milliseconds. */
  readonly since: number;
  /** Go on with what is logged from now on, until the signal. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** How often a file is looked at while it is followed, in milliseconds. */
const pollMs = 300;

/** Names of the functions whose logs a local run has kept in a folder. */
export function functionsWithLogs(folder: string): readonly string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.log'))
        .map((file) => file.slice(0, -'.log'.length))
        .sort()
    : [];
}

/** Reads the log files that a local run keeps of a function: the older one, then the newer. */
export async function* readLogFiles(
  folder: string,
  functionName: string,
  { since, follow, signal }: LogQuery,
): AsyncGenerator<LoggedLine> {
  const path = join(folder, `${functionName}.log`);
  let at: number | undefined;
  const take = function* (text: string) {
    for (const line of text.split('\n').filter(Boolean)) {
      at = timeOf(line) ?? at;
      if (at === undefined || at >= since) {
        yield { at, text: line };
      }
    }
  };
  if (existsSync(`${path}.1`)) {
    yield* take(readFileSync(`${path}.1`, 'utf8'));
  }
  let position = 0;
  let rest = Buffer.alloc(0);
  while (!signal.aborted) {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size < position) {
      // The full file was put aside, and a new one begun.
      position = 0;
      rest = Buffer.alloc(0);
    }
    if (size > position) {
      const bytes = Buffer.concat([rest, readFrom(path, position, size)]);
      const end = bytes.lastIndexOf('\n') + 1;
      position = size;
      rest = bytes.subarray(end);
      yield* take(bytes.toString('utf8', 0, end));
    }
    if (!follow) {
      yield* take(rest.toString('utf8'));
      return;
    }
    await sleep(pollMs, undefined, { signal }).catch(() => {});
  }
}

function readFrom(path: string, start: number, end: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(end - start);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start));
  } finally {
    closeSync(file);
  }
}

function timeOf(line: string): number | undefined {
  const [, time] = /^\{"timestamp":"([^"]+)"/.exec(line) ?? [];
  const at = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(at) ? undefined : at;
}
