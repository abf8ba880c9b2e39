import { readDaysOfMonth, readDaysOfWeek } from './cron-days.ts';
import { readField } from './cron-field.ts';
import type { Schedule } from './schedule.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

/** Reads the six fields of a cron expression; undefined when they are not valid. */
export function readCron(text: string): Schedule | undefined {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = '', ...more] =
    text.trim().split(/\s+/);
  // A value in one of the day fields demands `?` in the other.
  if (more.length > 0 || (dayOfMonth === '?') === (dayOfWeek === '?')) return undefined;
  const minutes = readField(minute, 0, 59);
  const hours = readField(hour, 0, 23);
  const months = readField(month, 1, 12, MONTHS);
  const years = readField(year, FIRST_YEAR, LAST_YEAR);
  const isDay = dayOfMonth === '?' ? readDaysOfWeek(dayOfWeek) : readDaysOfMonth(dayOfMonth);
  if (!minutes || !hours || !months || !years || !isDay) return undefined;
  const timesOfDay = hours.flatMap((h) => minutes.map((m) => (h * 60 + m) * MINUTE_MS));
  const inMonth = new Set(months);
  const inYear = new Set(years);
  return {
    next(time) {
      let day = Math.floor(time / DAY_MS) * DAY_MS;
      for (;;) {
        const date = new Date(day);
        if (date.getUTCFullYear() > LAST_YEAR) return undefined;
        if (!inYear.has(date.getUTCFullYear())) {
          day = Date.UTC(date.getUTCFullYear() + 1, 0, 1);
          continue;
        }
        if (inMonth.has(date.getUTCMonth() + 1) && isDay(date)) {
          const found = timesOfDay.find((offset) => day + offset > time);
          if (found !== undefined) return day + found;
        }
        day += DAY_MS;
      }
    },
  };
}
