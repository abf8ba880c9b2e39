import { readCron } from './cron.ts';

/** When a rule is triggered. */
export interface Schedule {
  /** The first time after `time`, in milliseconds since 1970; undefined when there is none. */
  next(time: number): number | undefined;
}

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
]);

const RATE = /^rate\(([1-9]\d{0,8}) (minute|hour|day)(s?)\)$/;

/**
 * Reads `rate(5 minutes)` or `cron(0 18 ? * MON-FRI *)` (User Guide, "Rate expressions" and "Cron
 * expressions"); undefined when it is neither. A rate counts from `start`, the time at which the
 * rule was put; cron is in UTC.
 */
export function readSchedule(expression: string, start: number): Schedule | undefined {
  const [, value, unit = '', plural] = RATE.exec(expression) ?? [];
  // The unit of 1 is singular, that of any other value plural.
  if (value !== undefined && (value === '1') === (plural === ''))
    return rate(Number(value) * (UNIT_MS.get(unit) ?? 0), start);
  const cron = /^cron\(([^()]{1,200})\)$/.exec(expression)?.[1];
  return cron === undefined ? undefined : readCron(cron);
}

const rate = (periodMs: number, start: number): Schedule => ({
  next: (time) => start + Math.max(1, Math.floor((time - start) / periodMs) + 1) * periodMs,
});
