import type { FunctionSettings } from '../function-settings.ts';
import { exited, failure, type Invocation, type Outcome } from '../invoke/invocation.ts';
import { ExecutionEnvironment } from './execution-environment.ts';
import type { EnvironmentContext } from './function-environment.ts';

/** The settings of a function's pool of execution environments. */
export interface PoolLimits {
  /** Maximum number of concurrent processes of one function; further invocations wait. */
  readonly maxEnvironments: number;
  /** Milliseconds of real time after which an idle environment is ended. */
  readonly idleMs: number;
}

/**
 * Milliseconds that an invocation waits for a busy environment before another environment is started. A start
 * takes as long as a few hundred calls of a fast function, so that a short wait is often quicker.
 */
const startDelayMs = 20;

interface Waiting {
  readonly since: number;
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
  /** One start at a time: concurrent starts only slow each other down. */
  #starting: ExecutionEnvironment | undefined;
  /** The last one was used most recently and is used first, so that the others can be ended. */
  readonly #idle: Idle[] = [];
  #waiting: Waiting[] = [];
  #timeout: NodeJS.Timeout | undefined;
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
    if (idle) {
      return idle.environment.run(invocation);
    }
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#waiting.push({ since: performance.now(), invocation, settle: resolve });
    this.#startMore();
    return promise;
  }

  /**
   * Ends the environments as they become idle, and resolves when the last has ended. Waiting
   * invocations move to `successor` (the same function with new code), or fail if there is none.
   */
  async retire(successor?: EnvironmentPool): Promise<void> {
    this.#isRetired = true;
    clearInterval(this.#sweeper);
    clearTimeout(this.#timeout);
    for (const { environment } of this.#idle.splice(0)) {
      environment.stop();
    }
    this.#starting?.stop();
    for (const { invocation, settle } of this.#waiting.splice(0)) {
      if (successor) {
        successor.run(invocation).then(settle);
      } else {
        settle(failure(exited(invocation.requestId, { exitCode: null, signal: 'SIGKILL' })));
      }
    }
    if (this.#all.size === 0) {
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onEmpty = resolve;
    await promise;
  }

  /** Ends all environments at once, busy ones too. */
  kill(): void {
    for (const environment of this.#all) {
      environment.stop();
    }
  }

  /** Starts an environment, if one is needed and none is available or starting. */
  #startMore(): void {
    const { maxEnvironments } = this.#limits;
    if (this.#isRetired || this.#starting || this.#all.size >= maxEnvironments) {
      return;
    }
    const first = this.#waiting[this.#finishing()];
    if (!first) {
      return;
    }
    const waited = performance.now() - first.since;
    if (this.#all.size === 0 || waited >= startDelayMs) {
      this.#start();
    } else {
      this.#wait(startDelayMs - waited);
    }
  }

  #wait(ms: number): void {
    this.#timeout ??= setTimeout(() => {
      this.#timeout = undefined;
      this.#startMore();
    }, Math.ceil(ms));
  }

  /**
   * Number of environments that have answered. They will be idle in a moment, so that no other has to be started.
   */
  #finishing(): number {
    let count = 0;
    for (const environment of this.#all) {
      if (environment.isFinishing) {
        count += 1;
      }
    }
    return count;
  }

  #start(): void {
    const environment = new ExecutionEnvironment(this.#settings, this.#context, {
      onIdle: () => this.#use(environment),
      onEnd: (initError) => this.#remove(environment, initError),
    });
    this.#all.add(environment);
    this.#starting = environment;
    this.#sweeper ??= setInterval(() => this.#sweep(), this.#limits.idleMs / 4).unref();
    void environment.start();
  }

  #use(environment: ExecutionEnvironment): void {
    if (this.#starting === environment) {
      this.#starting = undefined;
    }
    const next = this.#waiting.shift();
    if (next) {
      environment.run(next.invocation).then(next.settle);
    } else if (this.#isRetired) {
      environment.stop();
    } else {
      this.#idle.push({ environment, since: Date.now() });
    }
    this.#startMore();
  }

  #remove(environment: ExecutionEnvironment, initError?: (requestId: string) => string): void {
    this.#all.delete(environment);
    if (this.#starting === environment) {
      this.#starting = undefined;
    }
    const index = this.#idle.findIndex((idle) => idle.environment === environment);
    if (index >= 0) {
      this.#idle.splice(index, 1);
    }
    if (initError && !this.#isRetired) {
      // The environment was started for the invocation that waits longest: its caller gets the error.
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
    while (this.#idle[0] && this.#idle[0].since < oldest) {
      this.#idle.shift()?.environment.stop();
    }
  }
}
