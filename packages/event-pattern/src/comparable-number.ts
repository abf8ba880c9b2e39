/** Numbers of a larger magnitude are compared by their text only (event-ruler, ComparableNumber). */
const LARGEST_MILLIONTHS = 5_000_000_000 * 1_000_000;

const DECIMALS = 6;

const NUMBER = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;

/**
 * A JSON number's text as a whole count of millionths, or undefined where EventBridge does not
 * compare it as a number: beyond ±5,000,000,000, or with more than six decimal places. Exact,
 * whichever way the number is written (`300`, `3.0e2`, `300.000`).
 */
export function millionths(text: string): number | undefined {
  const parts = NUMBER.exec(text);
  if (!parts) return undefined;
  const [, sign, whole = '', fraction = '', exponentText = '0'] = parts;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return 0;
  const significant = trimTrailingZeros(digits);
  // The number is `significant` times ten to the power of `power`.
  const power = Number(exponentText) - fraction.length + (digits.length - significant.length);
  if (power < -DECIMALS || significant.length + power > 10) return undefined;
  const value = Number(significant) * 10 ** (power + DECIMALS);
  return value > LARGEST_MILLIONTHS ? undefined : sign ? -value : value;
}

/** A loop, since the regular expression for it takes quadratic time on hostile digits. */
function trimTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
