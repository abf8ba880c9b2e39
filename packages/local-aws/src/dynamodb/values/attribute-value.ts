import { isDeepStrictEqual } from 'node:util';
import { readDecimal, sortableDecimal } from './decimal.ts';

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
