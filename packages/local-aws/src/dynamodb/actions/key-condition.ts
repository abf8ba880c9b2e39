import { invalid } from '../dynamo-error.ts';
import type { Condition, Operand } from '../expressions/condition.ts';
import type { Placeholders } from '../expressions/read-expressions.ts';
import type { Walk } from '../tables/item-table.ts';
import type { KeySchema, TableDefinition } from '../tables/table-definition.ts';
import { sortable, typeOf } from '../values/attribute-value.ts';

type Bounds = Pick<Walk, 'from' | 'to'>;

/** The partition and the part of it that a key condition names. */
export function readKeyCondition(
  condition: Condition,
  key: KeySchema,
  { types }: TableDefinition,
  placeholders: Placeholders,
): Bounds & { readonly hash: Buffer } {
  const bytesOf = (name: string, operand: Operand): Buffer => {
    if (operand.kind !== 'value') {
      throw notSupported();
    }
    const value = placeholders.value(operand.placeholder);
    if (typeOf(value) !== types[name]) {
      throw invalid(
        'One or more parameter values were invalid: Condition parameter type does not match schema type',
      );
    }
    return sortable(value);
  };
  let hash: Buffer | undefined;
  let bounds: Bounds | undefined;
  for (const test of allOf(condition)) {
    const name = attributeIn(test, placeholders);
    const isEqual = test.kind === 'compare' && test.comparator === '=';
    if (name === key.hash && isEqual && !hash) {
      hash = bytesOf(name, test.right);
    } else if (name !== undefined && name === key.range && !bounds) {
      bounds = boundsOf(test, (operand) => bytesOf(name, operand));
    } else if (name === key.hash) {
      throw notSupported();
    } else {
      throw invalid(
        `Query condition missed key schema element: ${hash ? (key.range ?? key.hash) : key.hash}`,
      );
    }
  }
  if (!hash) {
    throw invalid(`Query condition missed key schema element: ${key.hash}`);
  }
  return { hash, ...bounds };
}

function allOf(condition: Condition): readonly Condition[] {
  if (condition.kind === 'and') {
    return [...allOf(condition.left), ...allOf(condition.right)];
  }
  if (condition.kind === 'or') {
    throw invalid('Invalid operator used in KeyConditionExpression: OR');
  }
  if (condition.kind === 'not') {
    throw invalid('Invalid operator used in KeyConditionExpression: NOT');
  }
  return [condition];
}

function attributeIn(test: Condition, placeholders: Placeholders): string | undefined {
  const operand =
    test.kind === 'compare' ? test.left : 'operand' in test ? test.operand : undefined;
  if (operand?.kind !== 'path') {
    throw notSupported();
  }
  const [name, ...rest] = placeholders.resolve(operand.path);
  if (rest.length > 0) {
    throw invalid(
      'Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes',
    );
  }
  return String(name);
}

/** From a lower bound (inclusive) to an upper bound (exclusive). */
function boundsOf(test: Condition, bytes: (operand: Operand) => Buffer): Bounds {
  if (test.kind === 'between') {
    const [low, high] = [bytes(test.low), bytes(test.high)];
    if (low.compare(high) > 0) {
      throw invalid(
        'Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound',
      );
    }
    return { from: low, to: after(high) };
  }
  if (test.kind === 'begins') {
    const from = bytes(test.argument);
    return { from, to: afterAllWith(from) };
  }
  if (test.kind !== 'compare') {
    throw notSupported();
  }
  const bound = bytes(test.right);
  switch (test.comparator) {
    case '=':
      return { from: bound, to: after(bound) };
    case '<':
      return { to: bound };
    case '<=':
      return { to: after(bound) };
    case '>':
      return { from: after(bound) };
    case '>=':
      return { from: bound };
    default:
      throw notSupported();
  }
}

/** The bytes that come next in order. */
const after = (bytes: Buffer) => Buffer.concat([bytes, Buffer.of(0)]);

/** The bytes that come next after all that begin with these; undefined when nothing does. */
function afterAllWith(bytes: Buffer): Buffer | undefined {
  const last = bytes.findLastIndex((byte) => byte < 255);
  if (last < 0) {
    return undefined;
  }
  const next = Buffer.from(bytes.subarray(0, last + 1));
  next[last] = (next[last] ?? 0) + 1;
  return next;
}

const notSupported = () => invalid('Query key condition not supported');
