import { millionths } from './comparable-number.ts';
import { addressDigits } from './digit-range.ts';

/** A number of an event with its text, for numbers whose text must not be lost in a double. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** One value of an event in the form in which patterns are tested on it. */
export class FieldValue {
  readonly kind: 'string' | 'number' | 'word';
  /**
   * Strings in quotation marks but not escaped; numbers, `true`, `false` and `null` unchanged: so
   * no operator for strings ever matches anything but a string.
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

  /** The digits that ranges of IP addresses are tested on: an address's, else the bare text. */
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
 * A way to find a test by a value instead of trying it: what a value must be, begin or end with.
 * `number` is in millionths, the others in the form of {@link FieldValue.text}.
 */
export type IndexKey =
  | { readonly by: 'exact' | 'prefix' | 'suffix'; readonly text: string }
  | { readonly by: 'number'; readonly millionths: bigint };

/** One entry of a pattern's list, ready to be tried on values. */
export interface ValueTest {
  accepts(value: FieldValue): boolean;
  /** Set when the key finds the test for every value that it accepts. */
  readonly key?: IndexKey;
  /** It compares numbers; such a test in a list changes how the list's IP ranges see numbers. */
  readonly numeric?: true;
  /** It needs the text of numbers. */
  readonly readsNumbers?: true;
  /** `{"exists": false}`: it accepts no value, but the lack of one. */
  readonly absence?: true;
  /** The wildcards in it, which count for the pattern's complexity. */
  readonly wildcards?: readonly string[];
}
