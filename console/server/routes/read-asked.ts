import { own } from '../../../events/own.ts';
import { BadRequest } from '../http/read-json-body.ts';
import { type EventFilter, filterNames } from '../journal/query-events.ts';

/** The filter in a query. */
export function readEventFilter(query: URLSearchParams): EventFilter {
  return Object.fromEntries(filterNames.map((name) => [name, query.get(name) || undefined]));
}

/** A whole number in a query. @throws BadRequest */
export function readCount(query: URLSearchParams, name: string, max: number): number | undefined {
  const given = query.get(name);
  if (given === null) {
    return undefined;
  }
  const count = Number(given);
  if (Number.isInteger(count) && count >= 0) {
    return Math.min(count, max);
  }
  throw new BadRequest(`"${name}" must be a whole number.`);
}

/** A text in a body. @throws BadRequest */
export function readText(body: unknown, name: string): string {
  const value = own(body, name);
  if (typeof value === 'string') {
    return value;
  }
  throw new BadRequest(`"${name}" is a text.`);
}

/** A text in a body that may be missing. @throws BadRequest */
export function readOptionalText(body: unknown, name: string): string | undefined {
  return own(body, name) === undefined ? undefined : readText(body, name) || undefined;
}
