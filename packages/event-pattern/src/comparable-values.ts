/**
 * The largest magnitude that is compared as a number: half a trillion. Beyond it numbers are compared
 * by their text only (event-ruler since its pull request 171, ComparableNumber.java).
 */
const maxMillionths = 500_000_000_000n * 1_000_000n;

const maxDecimals = 6;

/** Maximum number of digits before the decimal point: half a trillion has twelve. */
const maxWholeDigits = 12;

const numberShape = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;

/** PutRule's error message for a number that it cannot compare. */
export const comparableRange =
  'Value must be between -5.0E11 and 5.0E11, inclusive, with up to 6 decimal places';

/**
 * A JSON number's text as an integer count of millionths, or undefined where EventBridge does not
 * compare it as a number: beyond ±500,000,000,000, or with more than six decimal places. Exact, in
 * any notation (`300`, `3.0e2`, `300.000`); a bigint, since a double has too few digits for it.
 */
export function millionths(text: string): bigint | undefined {
  const parts = numberShape.exec(text);
  if (!parts) {
    return undefined;
  }
  const [, sign, full = '', fraction = '', exponentText = '0'] = parts;
  const digits = (full + fraction).replace(/^0+/, '');
  if (digits === '') {
    return 0n;
  }
  const significant = trimTrailingZeros(digits);
  // The number is `significant` times ten to the power of `power`.
  const power = Number(exponentText) - fraction.length + (digits.length - significant.length);
  if (power < -maxDecimals || significant.length + power > maxWholeDigits) {
    return undefined;
  }
  const value = BigInt(significant) * 10n ** BigInt(power + maxDecimals);
  if (value > maxMillionths) {
    return undefined;
  }
  return sign ? -value : value;
}

/** A loop, since the regular expression for it takes quadratic time on hostile digits. */
function trimTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') {
    end -= 1;
  }
  return digits.slice(0, end);
}

/**
 * IP addresses as EventBridge compares them: as strings of hexadecimal digits, eight for IPv4 and
 * 32 for IPv6, tested digit by digit against a bottom and a top (event-ruler, CIDR and Range).
 */
export interface DigitRange {
  readonly bottom: string;
  readonly top: string;
}

const v4Shape = /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/;
const v6Shape = /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/;
/** Maximum length of an address; a longer text is not parsed. */
const maxAddressLength = 45;

/** The hexadecimal digits of an IP address; undefined when the text is not an address. */
export function addressDigits(text: string): string | undefined {
  if (text.length > maxAddressLength) {
    return undefined;
  }
  if (v4Shape.test(text)) {
    return v4Digits(text);
  }
  if (v6Shape.test(text)) {
    return v6Digits(text);
  }
  return undefined;
}

function v4Digits(text: string): string | undefined {
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes.map(hexByte).join('') : undefined;
}

const hexByte = (byte: number) => byte.toString(16).padStart(2, '0').toUpperCase();

function v6Digits(text: string): string | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) {
    return undefined;
  }
  const left = groupsOf(head);
  const right = groupsOf(tail ?? '');
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) {
    return undefined;
  }
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) {
    return undefined;
  }
  const digits = groups.map((group) => group.padStart(4, '0').toUpperCase()).join('');
  // An IPv4 address in IPv6 form is the IPv4 address.
  return digits.startsWith(`${'0'.repeat(20)}FFFF`) ? digits.slice(24) : digits;
}

const groupsOf = (text: string) => (text === '' ? [] : text.split(':'));

/** The range that holds one address. */
export function singleAddress(digits: string): DigitRange {
  return { bottom: digits, top: digits };
}

/** Reads `10.0.0.0/24` or `2001:db8::/32`. Throws an Error with EventBridge's wording. */
export function readCidr(text: string): DigitRange {
  const parts = text.split('/');
  if (parts.length !== 2) {
    throw new Error("Malformed CIDR, one '/' required");
  }
  const [address = '', maskText = ''] = parts;
  if (!/^[+-]?[0-9]{1,9}$/.test(maskText)) {
    throw new Error('Malformed CIDR, mask bits must be an integer');
  }
  const mask = Number(maskText);
  if (mask < 0) {
    throw new Error('Malformed CIDR, mask bits must not be negative');
  }
  const bottom = addressDigits(address);
  if (bottom === undefined) {
    throw new Error(`Nonstandard IP address: ${address}`);
  }
  if (bottom.length === 8 && mask > 31) {
    throw new Error('IPv4 mask bits must be < 32');
  }
  if (mask > 127) {
    throw new Error('IPv6 mask bits must be < 128');
  }
  return { bottom: network(bottom, mask, '0'), top: network(bottom, mask, 'F') };
}

/** The lowest (`0`) or highest (`F`) address that shares the first `mask` bits. */
function network(digits: string, mask: number, filler: '0' | 'F'): string {
  return Array.from(digits, (digit, index) => {
    const kept = Math.min(4, Math.max(0, mask - index * 4));
    const free = 2 ** (4 - kept) - 1;
    const value = Number.parseInt(digit, 16);
    return (filler === 'F' ? value | free : value & ~free).toString(16).toUpperCase();
  }).join('');
}

/**
 * Whether digits are in the range. As in AWS, the first digit that differs from both bounds decides
 * and the digits after it are ignored. So `0.0.0.0/0` contains every number that starts with 1 to 9.
 */
export function inDigitRange(digits: string, { bottom, top }: DigitRange): boolean {
  let onBottom = true;
  let onTop = true;
  for (let index = 0; index < bottom.length; index += 1) {
    const digit = digits.charAt(index);
    if (!isUpperHex(digit)) {
      return false;
    }
    const low = bottom.charAt(index);
    const high = top.charAt(index);
    if ((onBottom && digit < low) || (onTop && digit > high)) {
      return false;
    }
    onBottom &&= digit === low;
    onTop &&= digit === high;
    if (!onBottom && !onTop) {
      return true;
    }
  }
  return true;
}

const isUpperHex = (digit: string) =>
  (digit >= '0' && digit <= '9') || (digit >= 'A' && digit <= 'F');

/**
 * Text that is compared without regard to case, as EventBridge does it: one UTF-16 unit after the
 * other, each in its lower or its upper case (event-ruler, EqualsIgnoreCaseParser). Half of a
 * surrogate pair has no case and becomes `?` there, so a pattern with an emoji never matches the
 * emoji; that is AWS's behaviour and is kept.
 */
export class CaselessText {
  readonly #units: readonly (readonly [string, string])[];

  constructor(text: string) {
    this.#units = text.split('').map((unit) => {
      if (unit >= '\ud800' && unit <= '\udfff') {
        return ['?', '?'];
      }
      return [unit.toLowerCase(), unit.toUpperCase()];
    });
  }

  /**
   * The end of the text in `value` when it starts at `start`; undefined when it does not occur
   * there.
   */
  #endIn(value: string, start: number): number | undefined {
    let at = start;
    for (const [lower, upper] of this.#units) {
      if (value.startsWith(lower, at)) {
        at += lower.length;
      } else if (value.startsWith(upper, at)) {
        at += upper.length;
      } else {
        return undefined;
      }
    }
    return at;
  }

  equals(value: string): boolean {
    return this.#endIn(value, 0) === value.length;
  }

  startsIn(value: string): boolean {
    return this.#endIn(value, 0) !== undefined;
  }

  endsIn(value: string): boolean {
    let at = value.length;
    for (const [lower, upper] of this.#units.toReversed()) {
      if (at >= lower.length && value.startsWith(lower, at - lower.length)) {
        at -= lower.length;
      } else if (at >= upper.length && value.startsWith(upper, at - upper.length)) {
        at -= upper.length;
      } else {
        return false;
      }
    }
    return true;
  }
}
