import { invalid } from '../dynamo-error.ts';

/** A number of DynamoDB: `units × 10^exponent`, `units` without trailing zeros (zero is 0 × 10^0). */
interface Decimal {
  readonly units: bigint;
  readonly exponent: number;
}

/** Limits of a number (DynamoDB developer guide, "Naming rules and data types", Number). */
const maxDigits = 38;
const maxMagnitude = 125;
const minMagnitude = -130;

const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;

/**
 * Reads a number from its text. Throws as DynamoDB does for text that is not a number or is out of
 * bounds.
 */
export function readDecimal(text: string): Decimal {
  const [, sign, full = '', fraction = '', exponent = '0'] = form.exec(text.trim()) ?? [];
  if (sign === undefined || full + fraction === '') {
    throw invalid(
      text === ''
        ? 'The parameter cannot be converted to a numeric value'
        : `The parameter cannot be converted to a numeric value: ${text.slice(0, 128)}`,
    );
  }
  if (text.length > 1_000) {
    throw tooManyDigits();
  }
  const units = BigInt(full + fraction) * (sign === '-' ? -1n : 1n);
  return bounded(units, Number(exponent) - fraction.length);
}

/** The sum, within the same bounds. */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return bounded(scaled(a, exponent) + scaled(b, exponent), exponent);
}

export const negate = ({ units, exponent }: Decimal): Decimal => ({ units: -units, exponent });

/** The text that DynamoDB returns for this number: no exponent, no needless zeros. */
export function writeDecimal({ units, exponent }: Decimal): string {
  const sign = units < 0n ? '-' : '';
  const digits = String(units < 0n ? -units : units);
  if (exponent >= 0) {
    return sign + digits + (units === 0n ? '' : '0'.repeat(exponent));
  }
  const padded = digits.padStart(1 - exponent, '0');
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

/** Bytes that sort as the numbers do. */
export function sortableDecimal({ units, exponent }: Decimal): Buffer {
  if (units === 0n) {
    return Buffer.of(1);
  }
  const digits = String(units < 0n ? -units : units);
  const bytes = Buffer.alloc(digits.length + 4);
  // The number of digits before the decimal point decides first; plus 500 it is always positive.
  bytes.writeUInt16BE(digits.length + exponent + 500, 1);
  bytes.write(digits, 3, 'latin1');
  if (units > 0n) {
    bytes[0] = 2;
    return bytes.subarray(0, -1);
  }
  // Negative numbers sort the other way round, and a longer one before its own beginning.
  for (let index = 1; index < bytes.length; index++) {
    bytes[index] = 255 - (bytes[index] ?? 0);
  }
  bytes[0] = 0;
  return bytes;
}

function bounded(units: bigint, exponent: number): Decimal {
  if (units === 0n) {
    return { units, exponent: 0 };
  }
  let digits = String(units < 0n ? -units : units);
  const zeros = digits.length - digits.replace(/0+$/, '').length;
  digits = digits.slice(0, digits.length - zeros);
  const magnitude = digits.length + exponent + zeros - 1;
  if (magnitude > maxMagnitude) {
    throw invalid(
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    );
  }
  if (magnitude < minMagnitude) {
    throw invalid(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  }
  if (digits.length > maxDigits) {
    throw tooManyDigits();
  }
  return { units: units / 10n ** BigInt(zeros), exponent: exponent + zeros };
}

const tooManyDigits = () =>
  invalid('Attempting to store more than 38 significant digits in a Number');

const scaled = ({ units, exponent }: Decimal, to: number) => units * 10n ** BigInt(exponent - to);
