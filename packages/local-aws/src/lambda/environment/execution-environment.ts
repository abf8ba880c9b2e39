import { defaultTimeoutSeconds, type FunctionSettings } from '../function-settings.ts';
import {
  exited,
  type FunctionError,
  failure,
  type Invocation,
  noResult,
  type Outcome,
  type ProcessEnd,
  readErrorType,
  timedOut,
} from '../invoke/invocation.ts';
import {
  createPlatformLog,
  type LogLine,
  type PlatformLog,
  type Report,
} from '../logs/platform-log.ts';
import {
  buildEnvironment,
  type EnvironmentContext,
  type EnvironmentEvents,
  newLogStreamName,
} from './function-environment.ts';
import { RuntimeApi } from './runtime-api.ts';
import { RuntimeProcess } from './runtime-process.ts';

/** Timeout of the init phase (code outside the handler), in seconds of real time. */
const initLimitSeconds = 10;

/** One process that runs one function, one invocation at a time, as long as it is needed. */
export class ExecutionEnvironment {
  readonly #settings: FunctionSettings;
  readonly #context: EnvironmentContext;
  readonly #events: EnvironmentEvents;
  readonly #platform: PlatformLog;
  readonly #api: RuntimeApi;
  readonly #startedAt = performance.now();
  #process: RuntimeProcess | undefined;
  #initTimer: NodeJS.Timeout | undefined;
  #initMs: number | undefined;
  #initialized = false;
  /** Whether an invocation has been reported: only the first report contains the init phase. */
  #isWarm = false;
  #isStopped = false;
  #hasEnded = false;
  #initError: string | undefined;
  #execution: Execution | undefined;
  /** The reason, if the service itself killed the process. */
  #cause: ((requestId: string) => FunctionError) | undefined;

  constructor(settings: FunctionSettings, context: EnvironmentContext, events: EnvironmentEvents) {
    this.#settings = settings;
    this.#context = context;
    this.#events = events;
    this.#platform = createPlatformLog(settings, (text) => this.#log(text, 'stdout', 'platform'));
    this.#api = new RuntimeApi({
      ready: () => this.#ready(),
      responded: (requestId, payload) => this.#answer(requestId, { payload }),
      failed: (requestId, payload) =>
        this.#answer(requestId, { payload, functionError: 'Unhandled' }),
      initFailed: (payload) => {
        this.#initError = payload;
      },
    });
  }

  /** Starts the process; `onIdle` or `onEnd` follows. Never rejects. */
  async start(): Promise<void> {
    try {
      await this.#api.listen();
      if (this.#isStopped) {
        this.#ended({ exitCode: null, signal: 'SIGKILL' });
      } else {
        this.#startProcess();
      }
    } catch (error) {
      // The machine is out of ports, descriptors or processes.
      this.#log(`The environment could not be started: ${error}`, 'stderr', 'platform');
      this.#ended({ exitCode: 1, signal: null });
    }
  }

  /** Runs one invocation; the environment must be idle. Never rejects. */
  run(invocation: Invocation): Promise<Outcome> {
    const { timeoutSeconds = defaultTimeoutSeconds } = this.#settings;
    const timeoutMs = timeoutSeconds * 1000;
    this.#execution = new Execution(invocation, timeoutMs, () =>
      this.#kill((requestId) => timedOut(requestId, timeoutSeconds)),
    );
    this.#platform.start(invocation.requestId);
    this.#api.dispatch(invocation, Date.now() + timeoutMs);
    return this.#execution.outcome;
  }

  /** Whether the runtime has answered its invocation, and only its request for the next one is missing. */
  get isFinishing(): boolean {
    return this.#execution?.isAnswered === true && !this.#hasEnded;
  }

  /** Kills the process, whatever it does. `onEnd` follows. */
  stop(): void {
    this.#isStopped = true;
    this.#process?.kill();
  }

  #startProcess(): void {
    this.#platform.initStart();
    const logStreamName = newLogStreamName();
    const { guard, memory, extraEnvironment } = this.#context;
    this.#process = new RuntimeProcess({
      settings: this.#settings,
      environment: buildEnvironment(
        this.#settings,
        { runtimeApi: this.#api.address, logStreamName },
        extraEnvironment,
      ),
      guard,
      memory,
      onConnection: (socket) => this.#api.accept(socket),
      onLine: (text, stream) => this.#log(text, stream, 'function'),
      onEnd: (end) => this.#ended(end),
    });
    this.#initTimer = setTimeout(
      () => this.#kill((requestId) => timedOut(requestId, initLimitSeconds)),
      initLimitSeconds * 1000,
    );
  }

  #ready(): void {
    clearTimeout(this.#initTimer);
    this.#initMs ??= performance.now() - this.#startedAt;
    this.#process?.maxMemoryMb();
    // By then the output that the function wrote before its result has been read.
    setImmediate(() => {
      if (this.#hasEnded) {
        return;
      }
      this.#finish('success');
      this.#initialized = true;
      this.#events.onIdle();
    });
  }

  #answer(requestId: string, outcome: Outcome): void {
    if (this.#execution?.requestId === requestId) {
      this.#execution.answer(outcome);
    }
  }

  #finish(status: Report['status'], errorType?: string): void {
    const execution = this.#execution;
    if (!execution) {
      return;
    }
    execution.stopTimer();
    this.#platform.report({
      requestId: execution.requestId,
      durationMs: execution.durationMs,
      maxMemoryMb: this.#process?.maxMemoryMb() ?? 0,
      initMs: this.#isWarm ? undefined : this.#initMs,
      status,
      errorType,
    });
    this.#isWarm = true;
    this.#execution = undefined;
    execution.finish();
  }

  #kill(cause: (requestId: string) => FunctionError): void {
    this.#cause ??= cause;
    this.#process?.kill();
  }

  #ended(end: ProcessEnd): void {
    this.#hasEnded = true;
    clearTimeout(this.#initTimer);
    this.#api.close();
    const why = this.#cause ?? ((requestId: string) => exited(requestId, end));
    if (this.#execution) {
      const { requestId } = this.#execution;
      const error = why(requestId);
      this.#platform.ended(requestId, error);
      this.#answer(requestId, failure(error));
      const status = error.errorType === 'Sandbox.Timedout' ? 'timeout' : 'error';
      this.#finish(status, error.errorType);
    }
    if (this.#initialized) {
      this.#events.onEnd();
      return;
    }
    const initError = this.#initError;
    const errorType = initError ? readErrorType(initError) : why('').errorType;
    if (!this.#isStopped) {
      this.#platform.initFailed(performance.now() - this.#startedAt, errorType);
    }
    this.#events.onEnd((requestId) => initError ?? JSON.stringify(why(requestId)));
  }

  #log(text: string, stream: LogLine['stream'], kind: LogLine['kind']): void {
    this.#execution?.log(text);
    this.#context.log({ functionName: this.#settings.name, text, stream, kind });
  }
}

/** One invocation while it is in its environment. */
export class Execution {
  readonly requestId: string;
  /** Settles once the caller can be answered; never rejects. */
  readonly outcome: Promise<Outcome>;
  readonly #settle: (outcome: Outcome) => void;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #tail: LogTail | undefined;
  #outcome: Outcome | undefined;

  constructor(invocation: Invocation, timeoutMs: number, onTimeout: () => void) {
    this.requestId = invocation.requestId;
    this.#tail = invocation.wantsLog ? new LogTail() : undefined;
    this.#timer = setTimeout(onTimeout, timeoutMs);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.outcome = promise;
    this.#settle = resolve;
  }

  /** Whether there is an outcome, so that only the runtime's next request is missing. */
  get isAnswered(): boolean {
    return this.#outcome !== undefined;
  }

  get durationMs(): number {
    return performance.now() - this.#startedAt;
  }

  log(text: string): void {
    this.#tail?.add(text);
  }

  /** The first outcome counts. A caller that wants the log waits until it is complete. */
  answer(outcome: Outcome): void {
    if (this.#outcome) {
      return;
    }
    this.#outcome = outcome;
    if (!this.#tail) {
      this.#settle(outcome);
    }
  }

  stopTimer(): void {
    clearTimeout(this.#timer);
  }

  /** Ends the execution. One without a result fails. */
  finish(): void {
    this.answer(failure(noResult(this.requestId)));
    if (this.#outcome && this.#tail) {
      this.#settle({ ...this.#outcome, logTail: this.#tail.toBase64() });
    }
  }
}

/** What `Invoke` with `LogType: Tail` returns (Lambda API reference, Invoke). */
const tailBytes = 4096;

/** Keeps the end of one execution's log. */
class LogTail {
  #bytes = Buffer.alloc(0);

  add(text: string): void {
    this.#bytes = Buffer.concat([this.#bytes, Buffer.from(`${text}\n`)]).subarray(-tailBytes);
  }

  toBase64(): string {
    return this.#bytes.toString('base64');
  }
}
