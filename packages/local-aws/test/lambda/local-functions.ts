import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SteppedClock } from '../../src/clock.ts';
import type { FunctionSettings } from '../../src/lambda/function-settings.ts';
import { type LambdaOptions, LambdaService } from '../../src/lambda/lambda-service.ts';
import type { LogLine } from '../../src/lambda/logs/platform-log.ts';

/** A Lambda service for one test, with functions whose code the test writes. */
export class LocalFunctions {
  readonly directory = mkdtempSync(join(tmpdir(), 'fanout-lambda-'));
  readonly clock = new SteppedClock();
  readonly lines: LogLine[] = [];
  readonly service: LambdaService;
  readonly #released = join(this.directory, 'released');

  constructor(options: Partial<LambdaOptions> = {}) {
    this.service = new LambdaService({
      clock: this.clock,
      log: (line) => this.lines.push(line),
      ...options,
    });
  }

  /** Writes `files` (by default `index.mjs` with `code`) and makes the function. */
  add(
    name: string,
    code: string | Readonly<Record<string, string>>,
    settings: Partial<FunctionSettings> = {},
  ): void {
    this.service.createFunction({
      name,
      arn: arnOf(name),
      codeDirectory: this.write(name, code),
      handler: 'index.handler',
      // Timeout for executions that hang: they take real time, and a busy machine is slow.
      timeoutSeconds: 600,
      ...settings,
    });
  }

  /** Writes a function's files into a new folder. */
  write(folder: string, code: string | Readonly<Record<string, string>>): string {
    const files = typeof code === 'string' ? { 'index.mjs': code } : code;
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.directory, folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    return join(this.directory, folder);
  }

  /** Code of a function that writes "begun", runs until {@link release}, and gives its process id. */
  get heldCode(): string {
    return `import { existsSync } from 'node:fs';
      export const handler = async () => {
        console.log('begun');
        while (!existsSync('${this.#released}')) await new Promise((done) => setTimeout(done, 5));
        return process.pid;
      };`;
  }

  /** Lets functions of {@link heldCode} end, later calls included. */
  release(): void {
    writeFileSync(this.#released, '');
  }

  /** Code of a function that runs until `count` processes run it, and gives its process id. */
  meetingCode(count: number): string {
    const place = join(this.directory, 'processes-that-met');
    mkdirSync(place);
    return `import { readdirSync, writeFileSync } from 'node:fs';
      export const handler = async () => {
        writeFileSync('${place}/' + process.pid, '');
        while (readdirSync('${place}').length < ${count}) {
          await new Promise((done) => setTimeout(done, 5));
        }
        return process.pid;
      };`;
  }

  /** Calls a function and gives what it returned. */
  async call(name: string, event: unknown = {}): Promise<unknown> {
    const { payload } = await this.service.invoke(name, JSON.stringify(event));
    return JSON.parse(payload);
  }

  /** What the log has, one line under the other. */
  log(kind?: LogLine['kind']): string {
    const lines = this.lines.filter((line) => !kind || line.kind === kind);
    return lines.map(({ text }) => text).join('\n');
  }

  async close(): Promise<void> {
    await this.service.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export const arnOf = (name: string) => `arn:aws:lambda:eu-central-1:123456789012:function:${name}`;

/** Waits until `condition` holds; the test's own timeout is the limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Whether a process runs. One that has ended but was not collected by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).syscall === 'open';
  }
}
