import { Cron } from 'croner';

/** When a rule is triggered. */
export interface Schedule {
  /** The first time after `time`, in epoch milliseconds; undefined when there is none. */
  next(time: number): number | undefined;
}

const unitMs: ReadonlyMap<string, number> = new Map([
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
]);

const ratePattern = /^rate\(([1-9]\d{0,8}) (minute|hour|day)(s?)\)$/;

/**
 * Reads `rate(5 minutes)` or `cron(0 18 ? * MON-FRI *)` (User Guide, "Rate expressions" and "Cron
 * expressions"); undefined when it is neither. A rate counts from `start`, the time at which the
 * rule was put; cron is in UTC.
 */
export function readSchedule(expression: string, start: number): Schedule | undefined {
  const [, value, unit = '', plural] = ratePattern.exec(expression) ?? [];
  // The unit of 1 is singular, that of any other value plural.
  if (value !== undefined && (value === '1') === (plural === '')) {
    return rate(Number(value) * (unitMs.get(unit) ?? 0), start);
  }
  const cron = /^cron\(([^()]{1,200})\)$/.exec(expression)?.[1];
  return cron === undefined ? undefined : readCron(cron);
}

const rate = (periodMs: number, start: number): Schedule => ({
  next: (time) => start + Math.max(1, Math.floor((time - start) / periodMs) + 1) * periodMs,
});

/** A list of values, ranges and steps: `1,15`, `MON-FRI`, `0/10`, `*`. */
function listOf(value: string, step = value): string {
  const part = `(?:\\*|${value}(?:-${value})?)(?:/${step})?`;
  return `${part}(?:,${part})*`;
}

const dayOfMonth = '(?:0?[1-9]|[12]\\d|3[01])';
const dayOfWeek = '(?:[1-7]|[A-Z]{3})';

/** The six fields as EventBridge writes them (User Guide, "Cron expressions"). */
const cronFields = new RegExp(
  `^${[
    listOf('[0-5]?\\d'),
    listOf('(?:[01]?\\d|2[0-3])'),
    `\\?|L|${dayOfMonth}W|${listOf(dayOfMonth)}`,
    listOf('(?:0?[1-9]|1[0-2]|[A-Z]{3})'),
    `\\?|L|${dayOfWeek}L|${dayOfWeek}#[1-5]|${listOf(dayOfWeek)}`,
    listOf('(?:19[7-9]|20\\d|21\\d)\\d', '\\d{1,3}'),
  ]
    .map((field) => `(${field})`)
    .join('\\s+')}$`,
  'i',
);

/**
 * Reads the six fields of a cron expression, in UTC; undefined when they are not valid. Croner writes
 * three things otherwise than EventBridge: seconds come first, the last Friday is `FRI#L`, and years have
 * no bounds.
 */
export function readCron(text: string): Schedule | undefined {
  const [, minute, hour, day = '', month, weekday = '', year = ''] =
    cronFields.exec(text.trim()) ?? [];
  // A value in one of the day fields demands `?` in the other.
  if ((day === '?') === (weekday === '?')) {
    return undefined;
  }
  const lastOrWeekday = weekday.toUpperCase() === 'L' ? '7' : weekday.replace(/L$/i, '#L');
  const boundedYear = year.replaceAll('*', '1970-2199').replace(/(^|,)(\d{4})\//g, '$1$2-2199/');
  const pattern = [0, minute, hour, day, month, lastOrWeekday, boundedYear].join(' ');
  let cron: Cron;
  try {
    cron = new Cron(pattern, {
      mode: '7-part',
      utcOffset: 0,
      // Sunday is 1.
      alternativeWeekdays: true,
      // `5/15` is 5, 20, 35, 50.
      sloppyRanges: true,
      domAndDow: true,
    });
  } catch {
    return undefined;
  }
  return { next: (time) => cron.nextRun(new Date(time))?.getTime() };
}
