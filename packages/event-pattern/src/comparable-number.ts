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
