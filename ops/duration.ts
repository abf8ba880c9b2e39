import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds of each unit in which durations are written, the largest first. */
const unitMs: ReadonlyMap<string, number> = new Map([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
]);

/** A duration in its largest unit, at least seconds: `3d`, `2h`, `45m`, `12s`. */
export function formatAge(ms: number): string {
  const [unit, size] = [...unitMs].find(([, each]) => ms >= each && each >= 1_000) ?? ['s', 1_000];
  return `${Math.max(0, Math.floor(ms / size))}${unit}`;
}

/** Reads a duration such as `30s`, `15m`, `2h` or `3d`; undefined for any other text. */
export function readDuration(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})(ms|[smhd])$/.exec(text) ?? [];
  const size = unitMs.get(unit);
  return size === undefined ? undefined : Number(count) * size;
}

/**
 * Waits for milliseconds, or until the signal aborts. Never rejects: Ctrl-C ends the pause, not the program.
 */
export type Pause = (ms: number, signal?: AbortSignal) => Promise<void>;

/** A {@link Pause} in real time. */
export const pause: Pause = (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {});
