/** Exit status of what a signal has ended: 128 and the signal's number, as shells have it. */
export const interruptedStatus = 130;

/** Ctrl-C as a request to end in good order. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Lets Ctrl-C do again what it always does. */
  release(): void;
}

/**
 * Takes Ctrl-C (and SIGTERM) as a request to finish the work in hand. A second one ends the program
 * at once: what it held is visible again when its visibility timeout has passed.
 */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  const request = () => {
    if (controller.signal.aborted) process.exit(interruptedStatus);
    controller.abort();
  };
  process.on('SIGINT', request);
  process.on('SIGTERM', request);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', request);
      process.off('SIGTERM', request);
    },
  };
}
