import { isRecord } from './own.ts';

/* Character codes of JSON's punctuation. */
export const quote = 0x22;
const backslash = 0x5c;
export const comma = 0x2c;
export const opening: ReadonlySet<number> = new Set([0x5b, 0x7b]);
export const closing: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** The position after the string that starts at a quote; the end of the text if the string does not end. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === backslash) {
      at += 1;
    } else if (code === quote) {
      return at;
    }
  }
  return text.length;
}

/**
 * The unchanged texts of the members of an object or the elements of a list.
 *
 * @param text valid JSON of an object or a list
 */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  let level = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at);
    } else if (opening.has(code)) {
      level += 1;
      if (level === 1) {
        start = at + 1;
      }
    } else if (closing.has(code) || (code === comma && level === 1)) {
      if (level === 1) {
        parts.push(text.slice(start, at).trim());
        start = at + 1;
      }
      if (code !== comma) {
        level -= 1;
      }
    }
  }
  return parts.length === 1 && parts[0] === '' ? [] : parts;
}

/**
 * The unchanged texts of a list's elements.
 *
 * @param text valid JSON of a list
 */
export function elementsOf(text: string): readonly string[] {
  return partsOf(text);
}

/**
 * The unchanged text of an object's member. If the name occurs several times, the last one, as in JSON.parse.
 *
 * @param text valid JSON of an object
 */
export function memberOf(text: string, name: string): string | undefined {
  for (const part of partsOf(text).toReversed()) {
    const end = endOfString(part, 0) + 1;
    if (JSON.parse(part.slice(0, end)) !== name) {
      continue;
    }
    return part.slice(part.indexOf(':', end) + 1).trim();
  }
  return undefined;
}

/** An exponent of three digits or more, which only a number beyond the range of doubles has. */
const longExponent = /\d[eE]\+?\d{3}/;

/** Decimal digits of the smallest integer beyond 64 bits. */
const unsafeDigits = 19;

/** Whether a text has {@link unsafeDigits} digits in a row. Looks at one of so many characters only. */
function hasLongInteger(text: string): boolean {
  for (let at = unsafeDigits - 1; at < text.length; at += unsafeDigits) {
    if (digitsAround(text, at) >= unsafeDigits) {
      return true;
    }
  }
  return false;
}

function digitsAround(text: string, at: number): number {
  let start = at;
  while (isDigit(text.charCodeAt(start - 1))) {
    start -= 1;
  }
  let end = at;
  while (isDigit(text.charCodeAt(end))) {
    end += 1;
  }
  return end - start;
}

/**
 * Whether JSON text contains a number that EventBridge does not accept: an integer beyond 64 bits
 * (EventBridge User Guide, "Events"), or one beyond the range of doubles.
 */
export function hasUnsafeNumber(text: string): boolean {
  // A quick check: only such a text can contain an unsafe number.
  if (!longExponent.test(text) && !hasLongInteger(text)) {
    return false;
  }
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at);
    } else if (isDigit(code)) {
      const start = text[at - 1] === '-' ? at - 1 : at;
      while (isOfNumber(text.charCodeAt(at + 1))) {
        at += 1;
      }
      if (isUnsafe(text.slice(start, at + 1))) {
        return true;
      }
    }
  }
  return false;
}

const isDigit = (code: number) => code >= 0x30 && code <= 0x39;

/** `+`, `-`, `.`, `e`, `E`: the characters besides digits that a number may have after its first digit. */
const numberSigns: ReadonlySet<number> = new Set([0x2b, 0x2d, 0x2e, 0x45, 0x65]);

const isOfNumber = (code: number) => isDigit(code) || numberSigns.has(code);

function isUnsafe(number: string): boolean {
  if (!/^-?\d+$/.test(number)) {
    return !Number.isFinite(Number(number));
  }
  // A shorter one cannot be unsafe. For a longer one BigInt would take time that grows quadratically.
  if (number.length < unsafeDigits) {
    return false;
  }
  return number.length > 20 || BigInt.asIntN(64, BigInt(number)) !== BigInt(number);
}

/**
 * Serializes a value to JSON with sorted keys, so that equal values have equal texts. For hashes only; it is
 * not RFC 8785.
 */
export function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_name, part: unknown) => (isRecord(part) ? sorted(part) : part)) ??
    'null'
  );
}

/** A null prototype keeps a property that is named `__proto__`. */
function sorted(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const inOrder: Record<string, unknown> = Object.create(null);
  for (const name of Object.keys(value).sort()) {
    inOrder[name] = value[name];
  }
  return inOrder;
}

/** The JSON type of a value. `undefined` means that a property is missing. */
export type JsonType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' | 'undefined';

/** The type of a parsed JSON value. It does not reveal the value, so it may be logged. */
export function jsonTypeOf(value: unknown): JsonType {
  if (value === null) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return 'array';
  }
  const type = typeof value;
  return type === 'boolean' || type === 'number' || type === 'string' || type === 'object'
    ? type
    : 'undefined';
}
