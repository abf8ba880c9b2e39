import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** One line of `fanout local --json`. */
export type Printed = { event: string; [key: string]: unknown };

const node = ['--disable-warning=ExperimentalWarning', 'bin/fanout.ts'];

/** `fanout local --json` in a process of its own, on any free ports unless `args` say others. */
export class LocalCommand {
  readonly child: ChildProcess;
  readonly printed: Printed[] = [];
  #changed = Promise.withResolvers<void>();

  constructor(
    project: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ) {
    const ports = ['--port', '0', '--aws-port', '0', '--console-port', '0'];
    this.child = spawn(process.execPath, [...node, 'local', '--json', ...ports, ...args], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    });
    createInterface({ input: this.child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      this.printed.push(JSON.parse(line));
      this.#wake();
    });
    this.child.once('exit', () => this.#wake());
  }

  /** Waits for a line after what had been printed at `since`. */
  async until(wanted: (printed: Printed) => boolean, since = 0): Promise<Printed> {
    for (;;) {
      const found = this.printed.slice(since).find(wanted);
      if (found) {
        return found;
      }
      if (this.child.exitCode !== null) {
        throw new Error('The run has ended.');
      }
      await this.#changed.promise;
    }
  }

  /** What it prints once it is ready. */
  ready(): Promise<Printed> {
    return this.until(({ event }) => event === 'ready');
  }

  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal);
      await once(this.child, 'exit');
    }
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** Runs `fanout …` in a folder, and resolves with how it ended. */
export async function fanout(
  project: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<{ readonly status: number; readonly out: string; readonly text: string }> {
  const child = spawn(process.execPath, [...node, ...args], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const streams = { out: '', text: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    streams.out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    streams.text += chunk;
  });
  const [status] = await once(child, 'close');
  return { status, ...streams };
}

export const isNote =
  (start: string) =>
  ({ event, message }: Printed): boolean =>
    event === 'note' && String(message).startsWith(start);
