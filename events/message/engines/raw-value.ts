import { own } from '../../own.ts';

/** Maximum number of items; longer lists are cut. No message from a person has more. */
const maxItems = 100;

/** A count as text, with at most as many digits as JavaScript numbers represent exactly. */
const fullText = /^\d{1,15}$/;

/** Reads a count: a number, its digits as text, or the two halves of protobufjs' `Long`. */
export function readCount(value: unknown): number | undefined {
  if (typeof value === 'string') {
    return fullText.test(value) ? Number(value) : undefined;
  }
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  }
  const low = own(value, 'low');
  const high = own(value, 'high');
  if (typeof low !== 'number' || typeof high !== 'number') {
    return undefined;
  }
  return readCount((high >>> 0) * 2 ** 32 + (low >>> 0));
}

/** Reads a positive count. Browser engines write 0 for an unknown one. */
export function readPositive(value: unknown): number | undefined {
  return readCount(value) || undefined;
}

/** Reads the seconds of a recording, which some versions write with a fraction or as text. */
export function readSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && value.length <= 20 ? Number(value) : value;
  return typeof seconds === 'number' ? readPositive(Math.round(seconds)) : undefined;
}

/** Whether an enumeration has a value, which is a word in one engine and a number in another. */
export function isEnum(value: unknown, word: string, number: number): boolean {
  return value === word || value === number;
}

/** The items of a list, or none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, maxItems) : [];
}

/** Whether it is an object in JSON's sense. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
