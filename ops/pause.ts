import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for milliseconds, or until the signal aborts: Ctrl-C ends the pause, not the program. */
export type Pause = (ms: number, signal?: AbortSignal) => Promise<void>;

/** A {@link Pause} in real time. */
export const pause: Pause = (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {});
