import { InvalidArgumentError } from 'commander';

const unitMs: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

const ago = /^(\d{1,6})([smhd])$/;
const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * A moment as people write it: `2h` ago (s, m, h, d), `now`, or ISO-8601 with its offset from UTC.
 * Milliseconds since 1970.
 *
 * @throws InvalidArgumentError, which says what is taken
 */
export function parseMoment(given: string, now = Date.now()): number {
  if (given === 'now') return now;
  const [, count, unit = ''] = ago.exec(given) ?? [];
  if (count !== undefined) return now - Number(count) * (unitMs.get(unit) ?? 0);
  const moment = iso.test(given) ? Date.parse(given) : Number.NaN;
  if (!Number.isNaN(moment)) return moment;
  throw new InvalidArgumentError(
    'Give a time ago, such as 90s, 30m, 2h or 7d, or a time such as 2026-01-31T12:00:00Z.',
  );
}
