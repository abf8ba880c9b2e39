import { exitStatus } from '../exit-status.ts';

/** Thrown where Ctrl-C ends a command before it has done anything: its exit status is 130. */
export class InterruptedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InterruptedError';
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C as a request to end in good order. */
interface Interruption {
  readonly signal: AbortSignal;
  /** Lets Ctrl-C do again what it always does. */
  release(): void;
}

/**
 * Takes Ctrl-C (and SIGTERM, and a terminal that is closed) as a request to finish the current step. A second one ends the program
 * at once: what it held is visible again when its visibility timeout has passed.
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
