import { clockAhead } from '../model/store.ts';

/** A moment, to the millisecond, in the reader's own time zone. */
export const clockTime = (at: number) =>
  `${new Date(at).toLocaleTimeString('en-GB')}.${String(Math.floor(at) % 1_000).padStart(3, '0')}`;

/** How long ago, in the largest unit that says it. */
export function age(since: number, now = Date.now() + clockAhead.value): string {
  const seconds = Math.max(0, (now - since) / 1_000);
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** A duration between two steps. */
export const took = (ms: number) =>
  ms < 1_000 ? `${Math.round(ms)} ms` : ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : age(0, ms);
