import { invalid, invalidValue } from '../dynamo-error.ts';
import {
  type AttributeValue,
  attributeOf,
  type Item,
  sortable,
  typeOf,
} from '../values/attribute-value.ts';
import type { IndexDefinition, KeySchema, TableDefinition } from './table-definition.ts';

/** A key in bytes that sort as DynamoDB does. `range` is empty where a schema has none. */
export interface Key {
  readonly hash: Buffer;
  readonly range: Buffer;
}

/**
 * Maximum sizes of keys in bytes (DynamoDB developer guide, "Constraints", Partition and sort
 * keys).
 */
const maxHashLength = 2_048;
const maxRangeLength = 1_024;

/** The primary key in an item that is to be written. */
export function keyOfItem(table: TableDefinition, item: Item): Key {
  for (const name of namesOf(table.key)) {
    const value = attributeOf(item, name);
    if (!value) {
      throw invalidValue(`Missing the key ${name} in the item`);
    }
    expectType(table, name, value);
  }
  return encode(table.key, item);
}

/** The primary key in a request: the key's attributes and nothing else. */
export function keyOfRequest(table: TableDefinition, key: Item): Key {
  const names = namesOf(table.key);
  const fits =
    Object.keys(key).length === names.length &&
    names.every((name) => {
      const value = attributeOf(key, name);
      return value && typeOf(value) === table.types[name];
    });
  if (!fits) {
    throw invalid('The provided key element does not match the schema');
  }
  for (const name of names) {
    expectType(table, name, key[name] as AttributeValue);
  }
  return encode(table.key, key);
}

/** An item's key in an index; undefined when it lacks one of the attributes, and so is not in it. */
export function keyInIndex(
  table: TableDefinition,
  index: IndexDefinition,
  item: Item,
): Key | undefined {
  for (const name of namesOf(index.key)) {
    const value = attributeOf(item, name);
    if (!value) {
      return undefined;
    }
    const expected = table.types[name];
    if (typeOf(value) !== expected) {
      throw invalidValue(
        `Type mismatch for Index Key ${name} Expected: ${expected} Actual: ${typeOf(value)} IndexName: ${index.name}`,
      );
    }
    if (isEmpty(value)) {
      throw invalid(
        `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ${index.name}, IndexKey: ${name}`,
      );
    }
  }
  return encode(index.key, item);
}

export const namesOf = ({ hash, range }: KeySchema): readonly string[] =>
  range === undefined ? [hash] : [hash, range];

const nothing = Buffer.alloc(0);

function encode({ hash, range }: KeySchema, item: Item): Key {
  const key = {
    hash: sortable(item[hash] as AttributeValue),
    range: range === undefined ? nothing : sortable(item[range] as AttributeValue),
  };
  if (key.hash.length > maxHashLength) {
    throw invalidValue(
      `Size of hashkey has exceeded the maximum size limit of${maxHashLength} bytes`,
    );
  }
  if (key.range.length > maxRangeLength) {
    throw invalidValue(
      `Aggregated size of all range keys has exceeded the size limit of ${maxRangeLength} bytes`,
    );
  }
  return key;
}

function expectType({ types }: TableDefinition, name: string, value: AttributeValue): void {
  const expected = types[name];
  if (typeOf(value) !== expected) {
    throw invalidValue(
      `Type mismatch for key ${name} expected: ${expected} actual: ${typeOf(value)}`,
    );
  }
  if (isEmpty(value)) {
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${'B' in value ? 'binary' : 'string'} value. Key: ${name}`,
    );
  }
}

const isEmpty = (value: AttributeValue) =>
  ('S' in value && value.S === '') || ('B' in value && value.B === '');
