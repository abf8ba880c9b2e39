import type { Value } from './register.ts';

/**
 * Characters of a message's text at most: what WhatsApp itself allows. At three bytes each it leaves
 * half of the 400 KB of an item for the rest (DynamoDB Developer Guide, "Quotas").
 */
export const longestText = 65_536;

/** Characters of the text before an edit, which stands beside the one after it. */
export const longestPreviousText = 16_384;

/** Characters of a text that is no message: names, addresses, links. */
const longestName = 2_048;

/** Characters of all texts in one value together. */
const mostCharacters = 8_192;

/** Entries of a list at most, and fields of an object. */
const mostEntries = 100;

/** Deeper values are left out; the deepest that is kept, a message's media in S3, has two levels. */
const deepest = 3;

/** Foreign text cut to a length, without half characters. */
export function cut(text: string, length = longestName): string {
  return text.slice(0, length).toWellFormed();
}

/** Data of an event as the state keeps it: bounded, and without what is undefined. */
export function bounded(value: unknown): Value {
  return boundedWithin({ left: mostCharacters }, value, 0);
}

/** Whether DynamoDB takes a number (Developer Guide, "Supported data types: Number"). */
function isStorable(value: number): boolean {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-130 && size < 1e126);
}

/** Characters that may still be taken. */
interface Budget {
  left: number;
}

function boundedWithin(budget: Budget, value: unknown, depth: number): Value {
  if (typeof value === 'string') return take(budget, value);
  if (typeof value === 'number') return isStorable(value) ? value : undefined;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null || depth >= deepest) return undefined;
  if (Array.isArray(value)) {
    return value
      .slice(0, mostEntries)
      .map((each) => boundedWithin(budget, each, depth + 1))
      .filter((each) => each !== undefined);
  }
  const entries = Object.entries(value)
    .slice(0, mostEntries)
    .map(([name, each]) => [take(budget, name), boundedWithin(budget, each, depth + 1)] as const)
    .filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries);
}

function take(budget: Budget, text: string): string {
  const taken = cut(text, Math.min(longestName, budget.left));
  budget.left -= taken.length;
  return taken;
}
