import type { Value } from './register.ts';

/**
 * Characters of one text at most: what WhatsApp itself allows in a message. Three bytes each, it is
 * well below the 400 KB of an item (DynamoDB Developer Guide, "Quotas").
 */
export const longestText = 65_536;

/** Characters of a text that is no message: names, addresses, links. */
const longestName = 2_048;

/** Entries of a list at most, and fields of an object. */
const mostEntries = 100;

/** Deeper values are left out; the deepest that is kept, a message's media in S3, has two levels. */
const deepest = 3;

/** Foreign text cut to a length, without half characters. */
export function cut(text: string, length = longestName): string {
  return text.slice(0, length).toWellFormed();
}

/** Data of an event as the state keeps it: bounded, and without what is undefined. */
export function bounded(value: unknown, depth = 0): Value {
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null || depth >= deepest) return undefined;
  if (Array.isArray(value)) {
    return value
      .slice(0, mostEntries)
      .map((each) => bounded(each, depth + 1))
      .filter((each) => each !== undefined);
  }
  const entries = Object.entries(value)
    .slice(0, mostEntries)
    .map(([name, each]) => [cut(name), bounded(each, depth + 1)] as const)
    .filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries);
}
