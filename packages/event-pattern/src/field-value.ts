import { millionths } from './comparable-number.ts';
import { addressDigits } from './digit-range.ts';

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
