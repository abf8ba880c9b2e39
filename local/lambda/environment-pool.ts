import { availableParallelism } from 'node:os';
import { type EnvironmentContext, ExecutionEnvironment } from './execution-environment.ts';
import { exited } from './function-error.ts';
import type { FunctionSettings } from './function-settings.ts';
import type { Invocation, Outcome } from './invocation.ts';

/** How the environments of one function are kept. */
export interface PoolLimits {
  /** Processes of one function at the same time; more invocations than that wait. */
  readonly maxEnvironments: number;
  /** Milliseconds of real time after which an idle environment is ended. */
  readonly idleMs: number;
}

/** More starting at once than there are cores only makes each start slower. */
const MAX_STARTING = Math.max(2, availableParallelism());

interface Waiting {
  readonly invocation: Invocation;
  readonly settle: (outcome: Outcome) => void;
}

interface Idle {
  readonly environment: ExecutionEnvironment;
  readonly since: number;
}

/** The execution environments of one function: reused when idle, started when all are busy. */
export class EnvironmentPool {
  readonly #settings: FunctionSettings;
  readonly #context: EnvironmentContext;
  readonly #limits: PoolLimits;
  readonly #all = new Set<ExecutionEnvironment>();
  readonly #starting = new Set<ExecutionEnvironment>();
  /** The most recently used is the last, and is used first: the others can then be ended. */
  readonly #idle: Idle[] = [];
  #waiting: Waiting[] = [];
  #sweeper: NodeJS.Timeout | undefined;
  #isRetired = false;
  #onEmpty: (() => void) | undefined;

  constructor(settings: FunctionSettings, context: EnvironmentContext, limits: PoolLimits) {
    this.#settings = settings;
    this.#context = context;
    this.#limits = limits;
  }

  /** Runs an invocation as soon as an environment is free. Never rejects. */
  run(invocation: Invocation): Promise<Outcome> {
    const idle = this.#idle.pop();
    if (idle) return idle.environment.run(invocation);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#waiting.push({ invocation, settle: resolve });
    this.#startMore();
    return promise;
  }

  /**
   * Ends the environments as they become idle, and resolves when the last has ended. What still
   * waits goes to `successor` (the same function with new code), or fails if there is none.
   */
  async retire(successor?: EnvironmentPool): Promise<void> {
    this.#isRetired = true;
    clearInterval(this.#sweeper);
    for (const { environment } of this.#idle.splice(0)) environment.stop();
    for (const environment of this.#starting) environment.stop();
    for (const { invocation, settle } of this.#waiting.splice(0)) {
      if (successor) successor.run(invocation).then(settle);
      else settle(neverRan(invocation.requestId));
    }
    if (this.#all.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onEmpty = resolve;
    await promise;
  }

  /** Ends all environments at once, busy ones too. */
  kill(): void {
    for (const environment of this.#all) environment.stop();
  }

  #startMore(): void {
    const needed = Math.min(this.#waiting.length - this.#finishing(), MAX_STARTING);
    while (
      !this.#isRetired &&
      this.#starting.size < needed &&
      this.#all.size < this.#limits.maxEnvironments
    ) {
      this.#startOne();
    }
  }

  /** Environments that have answered and are idle in a moment: no reason to start another. */
  #finishing(): number {
    let count = 0;
    for (const environment of this.#all) if (environment.isFinishing) count += 1;
    return count;
  }

  #startOne(): void {
    const environment = new ExecutionEnvironment(this.#settings, this.#context, {
      onIdle: () => this.#use(environment),
      onEnd: (initError) => this.#remove(environment, initError),
    });
    this.#all.add(environment);
    this.#starting.add(environment);
    this.#sweeper ??= setInterval(() => this.#sweep(), this.#limits.idleMs / 4).unref();
    environment.start();
  }

  #use(environment: ExecutionEnvironment): void {
    this.#starting.delete(environment);
    const next = this.#waiting.shift();
    if (next) environment.run(next.invocation).then(next.settle);
    else if (this.#isRetired) environment.stop();
    else this.#idle.push({ environment, since: Date.now() });
    this.#startMore();
  }

  #remove(environment: ExecutionEnvironment, initError?: (requestId: string) => string): void {
    this.#all.delete(environment);
    this.#starting.delete(environment);
    const index = this.#idle.findIndex((idle) => idle.environment === environment);
    if (index >= 0) this.#idle.splice(index, 1);
    if (initError && !this.#isRetired) {
      // It was started for the one that waits longest, whose caller learns why it failed.
      const first = this.#waiting.shift();
      first?.settle({
        payload: initError(first.invocation.requestId),
        functionError: 'Unhandled',
      });
    }
    this.#startMore();
    if (this.#all.size === 0) {
      clearInterval(this.#sweeper);
      this.#sweeper = undefined;
      this.#onEmpty?.();
    }
  }

  #sweep(): void {
    const oldest = Date.now() - this.#limits.idleMs;
    while (this.#idle[0] && this.#idle[0].since < oldest) this.#idle.shift()?.environment.stop();
  }
}

function neverRan(requestId: string): Outcome {
  const error = exited(requestId, { exitCode: null, signal: 'SIGKILL' });
  return { payload: JSON.stringify(error), functionError: 'Unhandled' };
}
