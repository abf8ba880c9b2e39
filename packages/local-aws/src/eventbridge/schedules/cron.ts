import { Cron } from 'croner';
import type { Schedule } from './schedule.ts';

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
  if ((day === '?') === (weekday === '?')) return undefined;
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
