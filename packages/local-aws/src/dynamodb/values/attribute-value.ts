import { isDeepStrictEqual } from 'node:util';
import { invalid } from '../dynamo-error.ts';

/**
 * A value as DynamoDB's API writes it: one type descriptor (`S`, `N`, …) and its content. Checked
 * by `checkValue`.
 */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  /** Base64. */
  | { readonly B: string }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly M: Item }
  | { readonly L: readonly AttributeValue[] }
  | { readonly BOOL: boolean }
  | { readonly NULL: true };

/** An item, or the content of a map: attributes by name. */
export type Item = { readonly [name: string]: AttributeValue };

/** The type descriptor of a value: `S`, `N`, `SS` and so on. */
type ValueType = 'S' | 'N' | 'B' | 'SS' | 'NS' | 'BS' | 'M' | 'L' | 'BOOL' | 'NULL';

/** A value's type. */
export function typeOf(value: AttributeValue): ValueType {
  for (const type in value) {
    return type as ValueType;
  }
  throw new TypeError('A checked value has a type.');
}

/** A value's content, whatever its type. */
export const contentOf = (value: AttributeValue): unknown => Object.values(value)[0];

/** An attribute of an item; inherited names such as `constructor` are not attributes. */
export const attributeOf = (item: Item, name: string): AttributeValue | undefined =>
  Object.hasOwn(item, name) ? item[name] : undefined;

/**
 * Bytes that an item counts for (DynamoDB developer guide, "DynamoDB item sizes and formats"): names
 * and texts in UTF-8, about half a byte for each digit, 3 for a list or map and 1 for each element.
 */
export const sizeOfItem = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + bytes(name) + sizeOf(value), 0);

function sizeOf(value: AttributeValue): number {
  if ('S' in value) {
    return bytes(value.S);
  }
  if ('N' in value) {
    return ofNumber(value.N);
  }
  if ('B' in value) {
    return ofBinary(value.B);
  }
  if ('SS' in value) {
    return sum(value.SS, bytes);
  }
  if ('NS' in value) {
    return sum(value.NS, ofNumber);
  }
  if ('BS' in value) {
    return sum(value.BS, ofBinary);
  }
  if ('M' in value) {
    return 3 + sizeOfItem(value.M) + Object.keys(value.M).length;
  }
  if ('L' in value) {
    return 3 + sum(value.L, (each) => sizeOf(each) + 1);
  }
  return 1;
}

const bytes = (text: string) => Buffer.byteLength(text);

const ofBinary = (base64: string) => Buffer.byteLength(base64, 'base64');

const ofNumber = (text: string) =>
  1 + Math.ceil(text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length / 2);

const sum = <T>(members: readonly T[], size: (member: T) => number) =>
  members.reduce((total, each) => total + size(each), 0);

/** Bytes that sort as values of this type do: text by UTF-8, binary by byte, numbers by value. */
export function sortable(value: AttributeValue): Buffer {
  if ('S' in value) {
    return Buffer.from(value.S);
  }
  if ('B' in value) {
    return Buffer.from(value.B, 'base64');
  }
  if ('N' in value) {
    return sortableDecimal(readDecimal(value.N));
  }
  throw new TypeError(`A ${typeOf(value)} has no order.`);
}

/**
 * Order of two values of the same scalar type: negative, 0 or positive; undefined for any other
 * two.
 */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if (typeOf(a) !== typeOf(b)) {
    return undefined;
  }
  if (!('S' in a || 'B' in a || 'N' in a)) {
    return undefined;
  }
  return Buffer.compare(sortable(a), sortable(b));
}

/** Whether two checked values are the same; the order of a set means nothing. */
export function sameValue(a: AttributeValue, b: AttributeValue): boolean {
  if (typeOf(a) !== typeOf(b)) {
    return false;
  }
  if ('SS' in a || 'NS' in a || 'BS' in a) {
    return isDeepStrictEqual(sorted(contentOf(a)), sorted(contentOf(b)));
  }
  if ('L' in a && 'L' in b) {
    return (
      a.L.length === b.L.length &&
      a.L.every((each, index) => sameValue(each, b.L[index] as AttributeValue))
    );
  }
  if ('M' in a && 'M' in b) {
    const names = Object.keys(a.M);
    const other = b.M;
    return (
      names.length === Object.keys(other).length &&
      names.every(
        (name) =>
          Object.hasOwn(other, name) &&
          sameValue(a.M[name] as AttributeValue, other[name] as AttributeValue),
      )
    );
  }
  return contentOf(a) === contentOf(b);
}

const sorted = (members: unknown) => [...(members as readonly string[])].sort();

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
