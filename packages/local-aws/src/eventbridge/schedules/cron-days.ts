import { readField, readNumber } from './cron-field.ts';

/** Whether a day (a date at midnight UTC) is one of those that a field names. */
type IsDay = (date: Date) => boolean;

const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

const daysInMonth = (date: Date) =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();

/** The day-of-month field: values, `L` for the last day, `3W` for the weekday closest to the third. */
export function readDaysOfMonth(text: string): IsDay | undefined {
  if (text === 'L') return (date) => date.getUTCDate() === daysInMonth(date);
  const closest = /^(\d{1,2})W$/.exec(text)?.[1];
  if (closest !== undefined) {
    const day = readNumber(closest, 1, 31, []);
    return day === undefined ? undefined : (date) => date.getUTCDate() === weekdayAt(date, day);
  }
  const days = readField(text, 1, 31);
  return days && ((date) => days.includes(date.getUTCDate()));
}

/** The Monday to Friday closest to a day, without leaving the month. */
function weekdayAt(date: Date, day: number): number | undefined {
  const last = daysInMonth(date);
  if (day > last) return undefined;
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === last ? day - 2 : day + 1;
  return day;
}

/** The day-of-week field: 1 (Sunday) to 7, names, `FRIL` for the last, `3#2` for the second Tuesday. */
export function readDaysOfWeek(text: string): IsDay | undefined {
  const weekdayOf = (date: Date) => date.getUTCDay() + 1;
  if (text === 'L') return (date) => weekdayOf(date) === 7;
  const [, lastText] = /^(\w{1,3})L$/i.exec(text) ?? [];
  const last = lastText === undefined ? undefined : readNumber(lastText, 1, 7, WEEKDAYS);
  if (last !== undefined)
    return (date) => weekdayOf(date) === last && date.getUTCDate() > daysInMonth(date) - 7;
  const [, dayText = '', nthText = ''] = /^(\w{1,3})#([1-5])$/.exec(text) ?? [];
  const day = readNumber(dayText, 1, 7, WEEKDAYS);
  if (day !== undefined)
    return (date) =>
      weekdayOf(date) === day && Math.ceil(date.getUTCDate() / 7) === Number(nthText);
  const days = readField(text, 1, 7, WEEKDAYS);
  return days && ((date) => days.includes(weekdayOf(date)));
}
