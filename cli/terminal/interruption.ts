/** Exit status of what a signal has ended: 128 and the signal's number, as shells have it. */
export const interruptedStatus = 130;

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
      process.exit(interruptedStatus);
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
