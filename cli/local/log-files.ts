import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalObserver } from '@event-fanout/local-aws';

/** Maximum size of a log file in bytes; then it is renamed, replacing the one renamed before. */
const maxFileSize = 10 * 1024 * 1024;

/** How long lines are buffered before they are written, in milliseconds. */
const gatherMs = 250;

/** Writes the functions' logs to files: `<function>.log`, and the previous file `<function>.log.1`. */
export class LogFiles {
  readonly #directory: string;
  readonly #sizes = new Map<string, number>();
  #gathered = new Map<string, string[]>();
  #timer: NodeJS.Timeout | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  readonly observer: LocalObserver = {
    logged: ({ functionName, text }) => {
      const lines = this.#gathered.get(functionName) ?? [];
      lines.push(text);
      this.#gathered.set(functionName, lines);
      this.#timer ??= setTimeout(() => this.#write(), gatherMs).unref();
    },
  };

  /** Writes the buffered lines. */
  close(): void {
    this.#write();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const gathered = this.#gathered;
    this.#gathered = new Map();
    for (const [name, lines] of gathered) {
      try {
        this.#append(join(this.#directory, `${fileName(name)}.log`), `${lines.join('\n')}\n`);
      } catch {
        // A full disk must not end the run; the lines are on the terminal.
      }
    }
  }

  #append(path: string, text: string): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const bytes = Buffer.byteLength(text);
    const size = this.#sizes.get(path) ?? sizeOf(path);
    const isFull = size > 0 && size + bytes > maxFileSize;
    if (isFull) {
      renameSync(path, `${path}.1`);
    }
    appendFileSync(path, text, { mode: 0o600 });
    this.#sizes.set(path, (isFull ? 0 : size) + bytes);
  }
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Function names consist of a-z, A-Z, 0-9, - and _; a template is not validated. */
const fileName = (name: string) => name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 100) || '_';
