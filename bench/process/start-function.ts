import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { functionEnvironment } from './function-environment.ts';
import { nextAnswer } from './next-answer.ts';

/** What one process runs. */
export interface FunctionProcessProps {
  readonly directory: string;
  readonly endpoint: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Something to be done again and again: see make-events.mjs. */
export interface Work {
  readonly kind: 'webhook' | 'batch';
  readonly template: unknown;
}

/** A function in a process of its own, warm from its first measurement on. */
export interface FunctionProcess {
  /** Microseconds of CPU time, of all threads, for one run. */
  measure(work: Work, runs: number): Promise<number>;
  /** The most that the process has had in memory, in MB of 1,024². */
  peakMb(): Promise<number>;
  /** What the function answers to one event. */
  invoke(event: unknown): Promise<unknown>;
  stop(): void;
}

/** Starts a function as Lambda would. Its output goes nowhere. */
export async function startFunction(props: FunctionProcessProps): Promise<FunctionProcess> {
  const { directory, endpoint, environment } = props;
  const child = fork(fileURLToPath(new URL('function-process.mjs', import.meta.url)), {
    cwd: directory,
    env: functionEnvironment(directory, endpoint, environment),
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.on('data', (chunk) => {
    complaint = (complaint + chunk).slice(-4_000);
  });
  await nextAnswer(child, () => complaint);
  return {
    async measure(work, runs) {
      child.send({ ...work, runs });
      const { cpuUs } = await nextAnswer(child, () => complaint);
      return cpuUs as number;
    },
    async peakMb() {
      child.send({ asksForPeak: true });
      return (await nextAnswer(child, () => complaint)).peakMb as number;
    },
    async invoke(event) {
      child.send({ event });
      return (await nextAnswer(child, () => complaint)).result;
    },
    stop: () => child.disconnect(),
  };
}
