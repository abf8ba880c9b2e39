/** The part of Lambda's context that a consumer uses. */
export interface InvocationContext {
  /** Milliseconds until Lambda ends the invocation. */
  getRemainingTimeInMillis(): number;
}

/** Thrown for an event that was not handled shortly before the function's timeout. */
class TimeoutError extends Error {
  constructor() {
    super('The event was not handled before the timeout of the function.');
    this.name = 'TimeoutError';
  }
}

/** The time by which the events of a batch must be handled. */
export interface Deadline {
  /** Aborted at the deadline, with a `TimeoutError` as reason. */
  readonly signal: AbortSignal;
  /** The result of the work; rejects with a `TimeoutError` at the deadline. */
  within<T>(work: Promise<T>): Promise<T>;
  /** Stops the timer. Afterwards the deadline never passes. */
  clear(): void;
}

/**
 * Milliseconds before the end of an invocation in which SQS is called to postpone the events that are not
 * handled, and the function responds. A tenth of the time if the invocation is shorter than 20 seconds.
 */
const reservedMs = 2_000;

/** Starts the deadline of an invocation. Without a context, for example in a test, it never passes. */
export function startDeadline(context: InvocationContext | undefined): Deadline {
  const abort = new AbortController();
  const { signal } = abort;
  const passed = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  // There may be no work at the deadline.
  passed.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  if (context) {
    const remainingMs = context.getRemainingTimeInMillis();
    timer = setTimeout(
      () => abort.abort(new TimeoutError()),
      remainingMs - Math.min(reservedMs, remainingMs / 10),
    );
  }
  return {
    signal,
    within: (work) => Promise.race([work, passed]),
    clear: () => clearTimeout(timer),
  };
}
