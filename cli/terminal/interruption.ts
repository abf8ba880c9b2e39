import { exitStatus } from '../exit-status.ts';

/** Thrown when Ctrl-C ends a command before it has done anything: its exit status is 130. */
export class InterruptedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InterruptedError';
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
