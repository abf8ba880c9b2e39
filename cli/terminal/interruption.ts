import { exitStatus } from '../exit-status.ts';

/** Thrown when Ctrl-C ends a command before it has done anything: its exit status is 130. */
export class InterruptedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InterruptedError';
  }
}

/**
 * The result of `work`, unless an interruption comes first. The work itself has to end by the signal, or by what
 * the caller closes.
 *
 * @throws InterruptedError with the message
 */
export async function orInterrupted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  message: string,
): Promise<T> {
  // After an interruption nobody waits for it.
  work.catch(() => {});
  const interrupted = Promise.withResolvers<never>();
  const stop = () => interrupted.reject(new InterruptedError(message));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) {
    stop();
  }
  try {
    return await Promise.race([work, interrupted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C as a request for an orderly end. */
interface Interruption {
  readonly signal: AbortSignal;
  /** Restores the default behavior of Ctrl-C. */
  release(): void;
}

/**
 * Handles Ctrl-C (and SIGTERM, and a closed terminal) as a request to finish the current step. A second one
 * ends the program at once: messages that it holds are visible again when their visibility timeout has
 * passed.
 */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  const request = () => {
    if (controller.signal.aborted) {
      process.exit(exitStatus.interrupted);
    }
    controller.abort();
  };
  for (const name of signals) {
    process.on(name, request);
  }
  return {
    signal: controller.signal,
    release() {
      for (const name of signals) {
        process.off(name, request);
      }
    },
  };
}
