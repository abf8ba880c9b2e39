import { InvalidArgumentError } from 'commander';

const unitMs: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/**
 * A duration as people write it: `30s`, `15m`, `2h`, `3d`. Milliseconds.
 *
 * @throws InvalidArgumentError, which says what is taken
 */
export function parseDuration(given: string): number {
  const [, count, unit = ''] = /^(\d{1,6})(ms|[smhd])$/.exec(given) ?? [];
  const ms = Number(count) * (unitMs.get(unit) ?? 0);
  if (ms > 0) return ms;
  throw new InvalidArgumentError('Give a duration such as 30s, 15m, 2h or 3d.');
}
