import { InvalidArgumentError } from 'commander';

/** A whole number from 1 on, as `--limit` takes it. */
export function parseCount(given: string): number {
  const count = Number(given);
  if (/^\d{1,9}$/.test(given) && count >= 1) return count;
  throw new InvalidArgumentError('Give a whole number, 1 or more.');
}

/** A number of things a second above 0, as `--rate` takes it: `50`, `0.5`, `50/s`. */
export function parseRate(given: string): number {
  const [, digits] = /^(\d{1,6}(?:\.\d{1,3})?)(?:\/s)?$/.exec(given) ?? [];
  if (digits !== undefined && Number(digits) > 0) return Number(digits);
  throw new InvalidArgumentError('Give a number a second, such as 50 or 0.5.');
}
