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
   * Strings in quotation marks but not escaped, numbers, `true`, `false` and `null` as they stand:
   * so no operator for strings ever matches anything but a string.
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
    if (this.kind !== 'number') return undefined;
    if (this.#millionths === null) this.#millionths = millionths(this.text);
    return this.#millionths;
  }

  /** The digits that ranges of IP addresses are tested on: an address's, else the bare text. */
  get digits(): string | undefined {
    if (this.kind !== 'string') return this.text;
    if (this.#digits === null) this.#digits = addressDigits(this.text.slice(1, -1));
    return this.#digits;
  }
}
