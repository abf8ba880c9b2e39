import { closeSync, openSync, readSync } from 'node:fs';

/** Interval at which the memory of all environments is measured, in milliseconds of real time. */
const intervalMs = 100;
/** `/proc/<pid>/statm` counts in pages. */
const pageBytes = 4096;

/** The memory of one process over its life. */
export interface WatchedMemory {
  /** The maximum so far, in bytes. */
  max(): number;
  stop(): void;
}

interface Entry {
  readonly limit: number;
  readonly onExceeded: () => void;
  readonly read: () => number;
  max: number;
}

/**
 * Measures the memory of the functions' processes and reports a process that exceeds its function's
 * memory. It counts the resident set, the runtime's own share included, as in AWS. It needs Linux's
 * `/proc`; elsewhere only V8's own heap limit applies.
 */
export class MemoryWatch {
  readonly #entries = new Set<Entry>();
  #timer: NodeJS.Timeout | undefined;

  watch(pid: number, limit: number, onExceeded: () => void): WatchedMemory {
    const file = openStatm(pid);
    if (file === undefined) {
      return { max: () => 0, stop: () => {} };
    }
    const entry: Entry = { limit, onExceeded, read: () => readResidentBytes(file), max: 0 };
    this.#entries.add(entry);
    this.#timer ??= setInterval(() => this.#sample(), intervalMs).unref();
    return {
      max: () => entry.max || this.#look(entry),
      stop: () => {
        if (!this.#entries.delete(entry)) {
          return;
        }
        closeSync(file);
        if (this.#entries.size > 0) {
          return;
        }
        clearInterval(this.#timer);
        this.#timer = undefined;
      },
    };
  }

  #sample(): void {
    for (const entry of [...this.#entries]) {
      if (this.#look(entry) > entry.limit) {
        entry.onExceeded();
      }
    }
  }

  #look(entry: Entry): number {
    entry.max = Math.max(entry.max, entry.read());
    return entry.max;
  }
}

function openStatm(pid: number): number | undefined {
  try {
    return openSync(`/proc/${pid}/statm`, 'r');
  } catch {
    return undefined;
  }
}

const buffer = Buffer.alloc(128);

/** The resident set (proc(5), `/proc/pid/statm`); 0 when the process is gone. */
function readResidentBytes(file: number): number {
  try {
    const length = readSync(file, buffer, 0, buffer.length, 0);
    const [, resident] = buffer.toString('latin1', 0, length).split(' ');
    return Number(resident) * pageBytes || 0;
  } catch {
    return 0;
  }
}
