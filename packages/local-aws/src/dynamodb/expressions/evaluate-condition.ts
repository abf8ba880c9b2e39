import { invalid } from '../dynamo-error.ts';
import {
  type AttributeValue,
  compareValues,
  contentOf,
  type Item,
  sameValue,
  typeOf,
} from '../values/attribute-value.ts';
import { valueAt } from '../values/document-path.ts';
import type { Comparator, Condition, Operand } from './condition.ts';
import type { Placeholders } from './read-expressions.ts';

/** Whether the item satisfies the condition. An item that is not there has no attributes. */
export function satisfies(condition: Condition, item: Item, placeholders: Placeholders): boolean {
  const read = (operand: Operand) => operandValue(operand, item, placeholders);
  switch (condition.kind) {
    case 'and':
      return (
        satisfies(condition.left, item, placeholders) &&
        satisfies(condition.right, item, placeholders)
      );
    case 'or':
      return (
        satisfies(condition.left, item, placeholders) ||
        satisfies(condition.right, item, placeholders)
      );
    case 'not':
      return !satisfies(condition.condition, item, placeholders);
    case 'exists':
      return valueAt(item, placeholders.resolve(condition.path)) !== undefined;
    case 'missing':
      return valueAt(item, placeholders.resolve(condition.path)) === undefined;
    case 'compare':
      return compares(read(condition.left), condition.comparator, read(condition.right));
    case 'between': {
      const value = read(condition.operand);
      return (
        compares(value, '>=', read(condition.low)) && compares(value, '<=', read(condition.high))
      );
    }
    case 'in': {
      const value = read(condition.operand);
      return condition.among.some((each) => compares(value, '=', read(each)));
    }
    case 'type':
      return hasType(read(condition.operand), read(condition.argument));
    case 'begins':
      return begins(read(condition.operand), read(condition.argument));
    case 'contains':
      return contains(read(condition.operand), read(condition.argument));
  }
}

type Value = AttributeValue | undefined;

function operandValue(operand: Operand, item: Item, placeholders: Placeholders): Value {
  if (operand.kind === 'value') {
    return placeholders.value(operand.placeholder);
  }
  if (operand.kind === 'path') {
    return valueAt(item, placeholders.resolve(operand.path));
  }
  const size = sizeOf(operandValue(operand.of, item, placeholders));
  return size === undefined ? undefined : { N: String(size) };
}

function sizeOf(value: Value): number | undefined {
  if (!value) {
    return undefined;
  }
  if ('S' in value) {
    return [...value.S].length;
  }
  if ('B' in value) {
    return Buffer.byteLength(value.B, 'base64');
  }
  if ('M' in value) {
    return Object.keys(value.M).length;
  }
  const content = contentOf(value);
  return Array.isArray(content) ? content.length : undefined;
}

function compares(left: Value, comparator: Comparator, right: Value): boolean {
  if (!left || !right) {
    return comparator === '<>' && left !== right;
  }
  if (comparator === '=') {
    return sameValue(left, right);
  }
  if (comparator === '<>') {
    return !sameValue(left, right);
  }
  const order = compareValues(left, right);
  if (order === undefined) {
    return false;
  }
  if (comparator === '<') {
    return order < 0;
  }
  if (comparator === '<=') {
    return order <= 0;
  }
  return comparator === '>' ? order > 0 : order >= 0;
}

const types: ReadonlySet<string> = new Set([
  'S',
  'N',
  'B',
  'SS',
  'NS',
  'BS',
  'M',
  'L',
  'BOOL',
  'NULL',
]);

function hasType(value: Value, type: Value): boolean {
  if (!type || !('S' in type) || !types.has(type.S)) {
    throw invalid(
      `Invalid ConditionExpression: Invalid attribute type name found; type: ${type && 'S' in type ? type.S.slice(0, 32) : 'none'}, valid types: {${[...types].join(',')}}`,
    );
  }
  return value !== undefined && typeOf(value) === type.S;
}

function begins(value: Value, beginning: Value): boolean {
  if (!value || !beginning) {
    return false;
  }
  if ('S' in value && 'S' in beginning) {
    return value.S.startsWith(beginning.S);
  }
  if (!('B' in value && 'B' in beginning)) {
    return false;
  }
  const bytes = Buffer.from(beginning.B, 'base64');
  return Buffer.from(value.B, 'base64').subarray(0, bytes.length).equals(bytes);
}

function contains(value: Value, part: Value): boolean {
  if (!value || !part) {
    return false;
  }
  if ('S' in value) {
    return 'S' in part && value.S.includes(part.S);
  }
  if ('B' in value) {
    return 'B' in part && Buffer.from(value.B, 'base64').includes(Buffer.from(part.B, 'base64'));
  }
  if ('SS' in value) {
    return 'S' in part && value.SS.includes(part.S);
  }
  if ('NS' in value) {
    return 'N' in part && value.NS.includes(part.N);
  }
  if ('BS' in value) {
    return 'B' in part && value.BS.includes(part.B);
  }
  return 'L' in value && value.L.some((each) => sameValue(each, part));
}
