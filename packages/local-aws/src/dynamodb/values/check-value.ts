import { isObject } from '../../aws-service.ts';
import { invalid, invalidValue, unreadable } from '../dynamo-error.ts';
import type { AttributeValue, Item } from './attribute-value.ts';
import { readDecimal, writeDecimal } from './attribute-value.ts';

/** Levels of lists and maps inside each other (DynamoDB developer guide, "Constraints", Attributes). */
const maxDepth = 32;

/** Reads an item from a request: each value checked, numbers in their one form. */
export function checkItem(input: unknown, depth = 0): Item {
  if (!isObject(input)) {
    throw unreadable('Start of structure or map found where not expected');
  }
  if (depth > maxDepth) {
    throw invalid('Nesting Levels have exceeded supported limits');
  }
  return copy(Object.entries(input).map(([name, value]) => [name, checkValue(value, depth)]));
}

/** Reads one value from a request. Throws DynamoDB's error for an invalid value. */
export function checkValue(input: unknown, depth = 0): AttributeValue {
  if (!isObject(input)) {
    throw unreadable('Unexpected value type in payload');
  }
  const types = Object.keys(input).filter((type) => input[type] !== null);
  const [type] = types;
  if (type === undefined || !Object.hasOwn(readers, type)) {
    throw invalid(
      'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
    );
  }
  if (types.length > 1) {
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  return readers[type as keyof typeof readers](input[type], depth);
}

const readers = {
  S: (content: unknown) => ({ S: text(content) }),
  N: (content: unknown) => ({ N: number(content) }),
  B: (content: unknown) => ({ B: base64(content) }),
  BOOL: (content: unknown) => {
    if (typeof content !== 'boolean') {
      throw unreadable('Unexpected token received from parser');
    }
    return { BOOL: content };
  },
  NULL: (content: unknown) => {
    if (content !== true) {
      throw invalidValue('Null attribute value types must have the value of true');
    }
    return { NULL: true } as const;
  },
  SS: (content: unknown) => ({ SS: distinct(list(content).map(text), 'string') }),
  NS: (content: unknown) => ({ NS: distinct(list(content).map(number), 'number') }),
  BS: (content: unknown) => ({ BS: distinct(list(content).map(base64), 'binary') }),
  M: (content: unknown, depth: number) => ({ M: checkItem(content, depth + 1) }),
  L: (content: unknown, depth: number): AttributeValue => {
    if (depth >= maxDepth) {
      throw invalid('Nesting Levels have exceeded supported limits');
    }
    return { L: list(content).map((each) => checkValue(each, depth + 1)) };
  },
} satisfies Record<string, (content: unknown, depth: number) => AttributeValue>;

function text(content: unknown): string {
  if (typeof content !== 'string') {
    throw unreadable('Unexpected value type in payload');
  }
  return content;
}

const number = (content: unknown) => writeDecimal(readDecimal(text(content)));

function base64(content: unknown): string {
  const given = text(content);
  const read = Buffer.from(given, 'base64');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(given) || given.length % 4 !== 0) {
    throw unreadable('Base64 encoded length is expected a multiple of 4 bytes');
  }
  return read.toString('base64');
}

function list(content: unknown): readonly unknown[] {
  if (!Array.isArray(content)) {
    throw unreadable('Unexpected field type');
  }
  return content;
}

function distinct(members: readonly string[], what: string): readonly string[] {
  if (members.length === 0) {
    throw invalidValue(`An ${what} set  may not be empty`);
  }
  if (new Set(members).size < members.length) {
    throw invalidValue(`Input collection of a ${what} set contains duplicates.`);
  }
  return members;
}

/** An object on which `__proto__` is an ordinary name. */
const copy = (entries: readonly (readonly [string, AttributeValue])[]): Item =>
  Object.fromEntries(entries);
