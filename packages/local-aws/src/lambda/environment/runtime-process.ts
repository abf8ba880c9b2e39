import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { fileURLToPath } from 'node:url';
import { defaultMemoryMb, type FunctionSettings } from '../function-settings.ts';
import type { ProcessEnd } from '../invoke/invocation.ts';

/** How long to wait for the remaining output of a process that has ended, in milliseconds. */
const outputGraceMs = 200;

/** The process's descriptor of its connection to the Runtime API, after the three standard ones. */
const connectionFd = 3;

const bootstrap = fileURLToPath(new URL('../runtime/bootstrap.mjs', import.meta.url));

/** A process's settings and callbacks. */
interface RuntimeProcessOptions {
  readonly settings: FunctionSettings;
  readonly environment: Readonly<Record<string, string>>;
  readonly guard: ProcessGuard;
  readonly memory: MemoryWatch;
  /** Called with the other end of the runtime's connection to the Runtime API. */
  onConnection(socket: Socket): void;
  onLine(text: string, stream: 'stdout' | 'stderr'): void;
  /** Called once, after the last line. */
  onEnd(end: ProcessEnd): void;
}

/** The process in which a function's code runs, with the memory that the function may have. */
export class RuntimeProcess {
  readonly #pid: number | undefined;
  readonly #memory: WatchedMemory | undefined;
  readonly #options: RuntimeProcessOptions;
  #outOfMemory = false;

  constructor(options: RuntimeProcessOptions) {
    this.#options = options;
    const { codeDirectory, memoryMb = defaultMemoryMb } = options.settings;
    const child = spawn(process.execPath, [...heapFlags(memoryMb), bootstrap, `${connectionFd}`], {
      cwd: codeDirectory,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // A separate process group, so that child processes of the function end with it.
      detached: true,
    });
    this.#pid = child.pid;
    const [, stdout, stderr, connection] = child.stdio as unknown as [
      null,
      Readable,
      Readable,
      Socket,
    ];
    readLines(stdout, (text) => options.onLine(text, 'stdout'));
    readLines(stderr, (text) => {
      if (text.includes('JavaScript heap out of memory')) {
        this.#outOfMemory = true;
      }
      options.onLine(text, 'stderr');
    });
    if (child.pid === undefined) {
      child.once('error', (error) => {
        options.onLine(`The process could not be started: ${error.message}`, 'stderr');
        options.onEnd({ exitCode: 1, signal: null });
      });
      return;
    }
    options.onConnection(connection);
    options.guard.watch(child.pid);
    this.#memory = options.memory.watch(child.pid, memoryMb * 1024 * 1024, () => {
      this.#outOfMemory = true;
      this.kill();
    });
    child.once('exit', (exitCode, signal) => {
      this.kill();
      const end = this.#outOfMemory ? { exitCode: null, signal: 'SIGKILL' } : { exitCode, signal };
      // 'close' waits for the end of the output, which a process outside the group could keep open: after a
      // while the output is closed from this side.
      const grace = setTimeout(() => {
        stdout.destroy();
        stderr.destroy();
        connection.destroy();
      }, outputGraceMs);
      child.once('close', () => {
        clearTimeout(grace);
        this.#finish(end);
      });
    });
  }

  /** Maximum memory used, in integer megabytes. */
  maxMemoryMb(): number {
    return Math.ceil((this.#memory?.max() ?? 0) / 1024 / 1024);
  }

  /** Ends the process and all that it started, at once. */
  kill(): void {
    if (this.#pid === undefined) {
      return;
    }
    try {
      process.kill(-this.#pid, 'SIGKILL');
    } catch {
      // The process has ended already.
    }
  }

  #finish(end: ProcessEnd): void {
    if (this.#pid !== undefined) {
      this.#options.guard.forget(this.#pid);
    }
    this.#memory?.stop();
    this.#options.onEnd(end);
  }
}

/**
 * A heap that fits the function's memory. Without the limit on the young generation V8 collects so
 * late that a function with little live data would still go above its memory.
 */
function heapFlags(memoryMb: number): string[] {
  const semiSpace = Math.max(1, Math.floor(memoryMb * 0.05));
  return [
    `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`,
    `--max-semi-space-size=${semiSpace}`,
  ];
}

/** CloudWatch Logs accepts log events of at most 1 MB; a longer line is split. */
const maxLineLength = 1_000_000;

/**
 * Calls `onLine` for each line that arrives, without its line break. The last line needs no line break. A
 * carriage return inside a line becomes a line break, as in CloudWatch Logs, because Lambda's Node.js runtime
 * separates the lines of one log event by carriage returns.
 */
export function readLines(stream: Readable, onLine: (text: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const emit = (text: string) => onLine(text.includes('\r') ? text.replace(/\r/g, '\n') : text);
  const take = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      emit(line);
    }
    while (rest.length > maxLineLength) {
      emit(rest.slice(0, maxLineLength));
      rest = rest.slice(maxLineLength);
    }
  };
  stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
  stream.on('end', () => {
    take(decoder.end());
    if (rest) {
      emit(rest);
    }
    rest = '';
  });
  // A pipe that breaks when its process is killed is not an error here.
  stream.on('error', () => {});
}

/** Interval at which the memory of all environments is measured, in milliseconds of real time. */
const intervalMs = 100;
/** `/proc/<pid>/statm` counts in pages. */
const pageBytes = 4096;

/** The memory of one process over its life. */
interface WatchedMemory {
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
      max: () => entry.max || this.#measure(entry),
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
      if (this.#measure(entry) > entry.limit) {
        entry.onExceeded();
      }
    }
  }

  #measure(entry: Entry): number {
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

/**
 * Kills the registered process groups when its input closes, that is when this process ends in any
 * way, `kill -9` included. Without it, a function in an endless loop would run for ever.
 */
const script = `
groups=' '
while read -r change group; do
  case $change in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

/** Ensures that no function outlives this process. */
export class ProcessGuard {
  #shell: ChildProcess | undefined;

  /**
   * `group` is the id of a process that was started `detached` and so leads its own process group.
   */
  watch(group: number): void {
    this.#shell ??= startShell();
    this.#shell.stdin?.write(`+ ${group}\n`);
  }

  /** Must be called once the processes have ended: the system may reuse their ids. */
  forget(group: number): void {
    this.#shell?.stdin?.write(`- ${group}\n`);
  }

  close(): void {
    this.#shell?.stdin?.end();
    this.#shell = undefined;
  }
}

function startShell(): ChildProcess {
  // In its own process group: Ctrl-C in the terminal must not end it before this process.
  const shell = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  shell.on('error', () => {});
  shell.stdin?.on('error', () => {});
  shell.unref();
  return shell;
}
