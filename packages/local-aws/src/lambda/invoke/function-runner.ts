import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { openStore, type Store } from '../../store.ts';
import { EnvironmentPool, type PoolLimits } from '../environment/environment-pool.ts';
import { checkVariables, type EnvironmentContext } from '../environment/function-environment.ts';
import { MemoryWatch, ProcessGuard } from '../environment/runtime-process.ts';
import {
  type AsyncInvokeSettings,
  type FunctionSettings,
  functionNotFound,
  payloadTooLarge,
  readFunctionReference,
  TooManyRequests,
} from '../function-settings.ts';
import type { LogLine } from '../logs/platform-log.ts';
import { AsyncInvocations } from './async-invocations.ts';
import { type InvokeOptions, type InvokeResult, newTraceId, type Outcome } from './invocation.ts';

/** Options of the function runner. */
export interface RunnerOptions {
  /** Times retries of asynchronous invocations. Executions themselves take real time. */
  readonly clock: Clock;
  /** Where asynchronous invocations are kept. @default in memory */
  readonly store?: Store;
  /** Receives each line of each function's log. @default dropped */
  readonly log?: (line: LogLine) => void;
  /** Environment variables for all functions, above the template's: `AWS_ENDPOINT_URL`. */
  readonly extraEnvironment?: Readonly<Record<string, string>>;
  /**
   * Maximum number of concurrent processes of one function. Further invocations wait: AWS would run
   * them on other machines, so they must not fail here. @default 10
   */
  readonly maxEnvironments?: number;
  /** Seconds of real time after which an idle environment is ended. @default 600 */
  readonly idleSeconds?: number;
  /** Concurrent executions over all functions, above which calls are throttled. @default 1000 */
  readonly accountConcurrency?: number;
}

/** A function and its local state. */
export interface LocalFunction {
  readonly settings: FunctionSettings;
  /** ISO 8601, of real time. */
  readonly lastModified: string;
  readonly revisionId: string;
}

interface Entry extends LocalFunction {
  readonly pool: EnvironmentPool;
  /** Names of versions and aliases: all of them are the present code. */
  readonly qualifiers: Set<string>;
  /** Overrides the function's own settings. */
  asyncInvoke?: AsyncInvokeSettings | undefined;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxPayloadBytes = {
  RequestResponse: 6 * 1024 * 1024,
  DryRun: 6 * 1024 * 1024,
  Event: 1024 * 1024,
};

/** The functions of this machine. Each runs in its own processes. */
export class FunctionRunner {
  readonly #functions = new Map<string, Entry>();
  /** Pools whose functions were deleted or got new code, until their last process has ended. */
  readonly #retiring = new Map<EnvironmentPool, Promise<void>>();
  readonly #context: EnvironmentContext;
  readonly #limits: PoolLimits;
  readonly #concurrency: ConcurrencyLimit;
  readonly #events: AsyncInvocations;

  constructor(options: RunnerOptions) {
    this.#context = {
      guard: new ProcessGuard(),
      memory: new MemoryWatch(),
      extraEnvironment: options.extraEnvironment ?? {},
      log: options.log ?? (() => {}),
    };
    this.#limits = {
      maxEnvironments: options.maxEnvironments ?? 10,
      idleMs: (options.idleSeconds ?? 600) * 1000,
    };
    this.#concurrency = new ConcurrencyLimit(options.accountConcurrency ?? 1000);
    this.#events = new AsyncInvocations(options.store ?? openStore(), options.clock, {
      run: (event) => this.#execute(this.#find(event.functionArn), event.requestId, event.payload),
      settings: (functionArn) => {
        const { asyncInvoke, settings } = this.#find(functionArn);
        return asyncInvoke ?? settings.asyncInvoke ?? {};
      },
    });
  }

  /**
   * Creates a function, and runs the events that wait for it. A function of the same name is
   * replaced: its running executions finish with the old code and settings. Throws
   * `InvalidParameterValueException`.
   */
  createFunction(settings: FunctionSettings): void {
    checkVariables(settings);
    const pool = new EnvironmentPool(settings, this.#context, this.#limits);
    const lastModified = new Date().toISOString().replace('Z', '+0000');
    const previous = this.#functions.get(settings.name);
    this.#functions.set(settings.name, {
      settings,
      pool,
      lastModified,
      revisionId: randomUUID(),
      qualifiers: previous?.qualifiers ?? new Set(),
      asyncInvoke: previous?.asyncInvoke,
    });
    if (previous) {
      this.#retire(previous.pool, pool);
    }
    this.#events.resume(settings.arn);
  }

  /** Runs the code of another directory (or a changed one) from the next invocation on. */
  updateCode(nameOrArn: string, codeDirectory: string): void {
    this.createFunction({ ...this.#find(nameOrArn).settings, codeDirectory });
  }

  /**
   * Sets the asynchronous invocation settings, which also apply to new code; undefined resets them.
   */
  configureAsyncInvoke(nameOrArn: string, settings: AsyncInvokeSettings | undefined): void {
    const target = this.#find(nameOrArn);
    target.asyncInvoke = settings && { ...target.asyncInvoke, ...settings };
  }

  /** Makes the function callable by the name of a version or an alias too. */
  addQualifier(nameOrArn: string, qualifier: string): void {
    this.#find(nameOrArn).qualifiers.add(qualifier);
  }

  /** Drops the function, its environments, and the events that wait for it. */
  deleteFunction(nameOrArn: string): void {
    const { settings, pool } = this.#find(nameOrArn);
    this.#functions.delete(settings.name);
    this.#events.discard(settings.arn);
    this.#retire(pool);
  }

  /** All functions, in the order of their creation. */
  listFunctions(): LocalFunction[] {
    return [...this.#functions.values()];
  }

  /** Throws `ResourceNotFoundException`. */
  getFunction(nameOrArn: string): LocalFunction {
    return this.#find(nameOrArn);
  }

  /** Asynchronous invocations that are not finished. */
  pendingEvents(): number {
    return this.#events.pending();
  }

  /**
   * Calls a function with an event, JSON text. An error of the function is a result with
   * `functionError`; errors of Lambda itself are thrown: `ResourceNotFoundException`,
   * `TooManyRequestsException`, `RequestEntityTooLargeException`. With `type: 'Event'` the event
   * has been stored when this resolves.
   */
  async invoke(
    nameOrArn: string,
    payload: string | Buffer,
    options: InvokeOptions = {},
  ): Promise<InvokeResult> {
    const { type = 'RequestResponse' } = options;
    const target = this.#find(nameOrArn);
    const bytes = Buffer.byteLength(payload);
    if (bytes > maxPayloadBytes[type]) {
      throw payloadTooLarge(bytes, type, maxPayloadBytes[type]);
    }
    const event = payload.toString() || '{}';
    const requestId = randomUUID();
    const answer = { payload: '', executedVersion: '$LATEST', requestId } as const;
    if (type === 'DryRun') {
      return { ...answer, statusCode: 204 };
    }
    if (type === 'Event') {
      this.#events.add(target.settings.arn, requestId, event);
      return { ...answer, statusCode: 202 };
    }
    const outcome = await this.#execute(target, requestId, event, options);
    return { ...answer, ...outcome, statusCode: 200 };
  }

  /**
   * Refuses new invocations, waits for running executions, and ends all processes. Executions that
   * still run after `drainMs` are killed; their asynchronous events run again after the next start.
   */
  async close({ drainMs = 0 }: { readonly drainMs?: number } = {}): Promise<void> {
    this.#events.close();
    await this.#concurrency.close(drainMs);
    for (const { pool } of this.#functions.values()) {
      this.#retire(pool);
    }
    for (const pool of this.#retiring.keys()) {
      pool.kill();
    }
    await Promise.all(this.#retiring.values());
    this.#context.guard.close();
  }

  async #execute(
    target: Entry,
    requestId: string,
    payload: string,
    { tail = false, traceId = newTraceId(), clientContext }: InvokeOptions = {},
  ): Promise<Outcome> {
    const { arn: functionArn, name, reservedConcurrency } = target.settings;
    const leave = this.#concurrency.enter(name, reservedConcurrency);
    try {
      const invocation = {
        requestId,
        functionArn,
        payload,
        traceId,
        clientContext,
        wantsLog: tail,
      };
      return await target.pool.run(invocation);
    } finally {
      leave();
    }
  }

  #find(nameOrArn: string): Entry {
    const { name, qualifier = '$LATEST' } = readFunctionReference(nameOrArn) ?? {};
    const found = name === undefined ? undefined : this.#functions.get(name);
    const isKnown = qualifier === '$LATEST' || found?.qualifiers.has(qualifier);
    if (!found || !isKnown) {
      throw functionNotFound(nameOrArn);
    }
    return found;
  }

  #retire(pool: EnvironmentPool, successor?: EnvironmentPool): void {
    const retired = pool.retire(successor);
    this.#retiring.set(pool, retired);
    void retired.then(() => this.#retiring.delete(pool));
  }
}

/**
 * Counts executions, those that wait for a process included, and refuses those beyond a function's
 * reserved concurrency or the account's concurrency limit
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html).
 */
class ConcurrencyLimit {
  readonly #account: number;
  readonly #byFunction = new Map<string, number>();
  #total = 0;
  #isClosed = false;
  #onDrained = () => {};

  constructor(account: number) {
    this.#account = account;
  }

  /** Counts an execution until the returned function is called. */
  enter(functionName: string, reserved: number | undefined): () => void {
    const active = this.#byFunction.get(functionName) ?? 0;
    if (reserved !== undefined && active >= reserved) {
      throw new TooManyRequests('ReservedFunctionConcurrentInvocationLimitExceeded');
    }
    if (this.#isClosed || this.#total >= this.#account) {
      throw new TooManyRequests('ConcurrentInvocationLimitExceeded');
    }
    this.#count(functionName, 1);
    return () => this.#count(functionName, -1);
  }

  /**
   * Refuses all new executions, and resolves when none is running, after `drainMs` at the latest.
   */
  async close(drainMs: number): Promise<void> {
    this.#isClosed = true;
    if (this.#total === 0 || drainMs === 0) {
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onDrained = resolve;
    const timer = setTimeout(resolve, drainMs);
    await promise;
    clearTimeout(timer);
  }

  #count(functionName: string, change: number): void {
    this.#total += change;
    const active = (this.#byFunction.get(functionName) ?? 0) + change;
    if (active > 0) {
      this.#byFunction.set(functionName, active);
    } else {
      this.#byFunction.delete(functionName);
    }
    if (this.#total === 0) {
      this.#onDrained();
    }
  }
}
