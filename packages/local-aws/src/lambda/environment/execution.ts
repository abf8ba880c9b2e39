import { failure, gaveNoResult, type Invocation, type Outcome } from '../invoke/invocation.ts';

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

  /** The execution has no further result. */
  finish(): void {
    this.answer(failure(gaveNoResult(this.requestId)));
    if (this.#outcome && this.#tail) {
      this.#settle({ ...this.#outcome, logTail: this.#tail.toBase64() });
    }
  }
}

/** What `Invoke` with `LogType: Tail` returns (Lambda API reference, Invoke). */
const tailBytes = 4096;

/** Keeps the end of one execution's log. */
export class LogTail {
  #bytes = Buffer.alloc(0);

  add(text: string): void {
    this.#bytes = Buffer.concat([this.#bytes, Buffer.from(`${text}\n`)]).subarray(-tailBytes);
  }

  toBase64(): string {
    return this.#bytes.toString('base64');
  }
}
