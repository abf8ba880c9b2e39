import { addressDigits, millionths } from './comparable-values.ts';

/** A number of an event as its text, because a double would lose digits. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** One value of an event in the form that patterns test. */
export class FieldValue {
  readonly kind: 'string' | 'number' | 'word';
  /**
   * Strings in quotation marks but not escaped; numbers, `true`, `false` and `null` unchanged. So an
   * operator for strings matches strings only.
   */
  readonly text: string;
  #millionths: bigint | undefined | null = null;
  #digits: string | undefined | null = null;

  constructor(value: string | number | boolean | null | NumberText) {
    if (typeof value === 'string') {
      this.kind = 'string';
      this.text = `"${value}"`;
    } else if (typeof value === 'number' || value instanceof NumberText) {
      this.kind = 'number';
      this.text = typeof value === 'number' ? String(value) : value.text;
    } else {
      this.kind = 'word';
      this.text = String(value);
    }
  }

  /** The number in millionths, when this is a number that EventBridge can compare. */
  get millionths(): bigint | undefined {
    if (this.kind !== 'number') {
      return undefined;
    }
    if (this.#millionths === null) {
      this.#millionths = millionths(this.text);
    }
    return this.#millionths;
  }

  /**
   * The text that ranges of IP addresses test: the hexadecimal digits of an address, or the text of a
   * value that is not a string. Undefined for any other string.
   */
  get digits(): string | undefined {
    if (this.kind !== 'string') {
      return this.text;
    }
    if (this.#digits === null) {
      this.#digits = addressDigits(this.text.slice(1, -1));
    }
    return this.#digits;
  }
}

/**
 * The property of a value by which an index finds a test without trying it: the value itself, its
 * beginning or its end. `number` is in millionths, the others in the form of {@link FieldValue.text}.
 */
export type IndexKey =
  | { readonly by: 'exact' | 'prefix' | 'suffix'; readonly text: string }
  | { readonly by: 'number'; readonly millionths: bigint };

/** One entry of a pattern's list, ready to be tried on values. */
export interface ValueTest {
  accepts(value: FieldValue): boolean;
  /** Every value that the test accepts has this key. */
  readonly key?: IndexKey;
  /** It compares numbers. IP ranges in the same list then do not test comparable numbers. */
  readonly numeric?: true;
  /** It needs the text of numbers. */
  readonly readsNumbers?: true;
  /** `{"exists": false}`: a missing field satisfies the test, and no value does. */
  readonly absence?: true;
  /** The wildcards in it, which count for the pattern's complexity. */
  readonly wildcards?: readonly string[];
}

/** "PutEvents will only process nested JSON up to 1100 levels deep" (API reference, PutEvents). */
export const maxEventDepth = 1100;

/** `JSON.parse` gives a reviver the source text of each primitive value (ECMAScript 2026). */
type Reviver = (
  this: unknown,
  key: string,
  value: unknown,
  context?: { source?: string },
) => unknown;

const keepNumberText: Reviver = (_key, value, context) =>
  typeof value === 'number' && context?.source !== undefined
    ? new NumberText(context.source)
    : value;

/**
 * Parses an event's text. Throws SyntaxError when it is not JSON, RangeError when it is nested deeper
 * than EventBridge processes.
 *
 * @param keepNumbers whether numbers become {@link NumberText}, which some patterns need
 */
export function readEvent(text: string, keepNumbers: boolean): unknown {
  if (exceedsDepth(text, maxEventDepth)) {
    throw new RangeError(`The event is nested deeper than ${maxEventDepth} levels`);
  }
  return keepNumbers ? JSON.parse(text, keepNumberText) : JSON.parse(text);
}

/**
 * Whether JSON text is nested deeper than `maxDepth` levels. Counts the brackets outside strings,
 * because a recursive function would overflow the stack.
 */
export function exceedsDepth(text: string, maxDepth: number): boolean {
  if (text.length <= 2 * maxDepth) {
    return false;
  }
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (inString) {
      if (character === backslash) {
        at += 1;
      } else if (character === quote) {
        inString = false;
      }
    } else if (character === quote) {
      inString = true;
    } else if (character === openObject || character === openArray) {
      depth += 1;
      if (depth > maxDepth) {
        return true;
      }
    } else if (character === closeObject || character === closeArray) {
      depth -= 1;
    }
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;
