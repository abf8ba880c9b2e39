import type { AttributeValue, Item } from './attribute-value.ts';

/**
 * Bytes that an item counts for (DynamoDB developer guide, "DynamoDB item sizes and formats"): names
 * and texts in UTF-8, about half a byte for each digit, 3 for a list or map and 1 for each element.
 */
export const sizeOfItem = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + bytes(name) + sizeOf(value), 0);

function sizeOf(value: AttributeValue): number {
  if ('S' in value) return bytes(value.S);
  if ('N' in value) return ofNumber(value.N);
  if ('B' in value) return ofBinary(value.B);
  if ('SS' in value) return sum(value.SS, bytes);
  if ('NS' in value) return sum(value.NS, ofNumber);
  if ('BS' in value) return sum(value.BS, ofBinary);
  if ('M' in value) return 3 + sizeOfItem(value.M) + Object.keys(value.M).length;
  if ('L' in value) return 3 + sum(value.L, (each) => sizeOf(each) + 1);
  return 1;
}

const bytes = (text: string) => Buffer.byteLength(text);

const ofBinary = (base64: string) => Buffer.byteLength(base64, 'base64');

const ofNumber = (text: string) =>
  1 + Math.ceil(text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length / 2);

const sum = <T>(members: readonly T[], size: (member: T) => number) =>
  members.reduce((total, each) => total + size(each), 0);
