import { invalid } from '../dynamo-error.ts';
import {
  type AttributeValue,
  addDecimals,
  type Item,
  negate,
  readDecimal,
  typeOf,
  writeDecimal,
} from '../values/attribute-value.ts';
import { valueAt, withValueAt } from '../values/document-path.ts';
import type { Assigned, UpdateStep } from './condition.ts';
import type { Placeholders } from './read-expressions.ts';
import type { Path } from './token-reader.ts';

/** The item after an update. Every value is computed from the item as it was before. */
export function applyUpdate(
  steps: readonly UpdateStep[],
  item: Item,
  placeholders: Placeholders,
): Item {
  const changes = steps.map((step) => ({
    path: placeholders.resolve(step.path),
    value: valueAfter(step, item, placeholders),
    removes: step.kind === 'remove',
  }));
  const removals = changes.filter(({ removes }) => removes);
  // From the last index to the first, so that a removal does not shift the indexes that follow.
  const inOrder = [
    ...changes.filter(({ removes }) => !removes),
    ...removals.toSorted((a, b) => Number(b.path.at(-1)) - Number(a.path.at(-1)) || 0),
  ];
  return inOrder.reduce((after, { path, value }) => withValueAt(after, path, value), item);
}

/** Paths that an update touches; throws for two of which one contains the other. */
export function pathsOf(steps: readonly UpdateStep[], placeholders: Placeholders): readonly Path[] {
  const paths = steps.map(({ path }) => placeholders.resolve(path));
  for (const [index, one] of paths.entries()) {
    for (const other of paths.slice(index + 1)) {
      const shared = Math.min(one.length, other.length);
      if (one.slice(0, shared).every((step, at) => step === other[at])) {
        throw invalid(
          `Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [${one.join(', ')}], path two: [${other.join(', ')}]`,
        );
      }
    }
  }
  return paths;
}

function valueAfter(
  step: UpdateStep,
  item: Item,
  placeholders: Placeholders,
): AttributeValue | undefined {
  if (step.kind === 'remove') {
    return undefined;
  }
  if (step.kind === 'set') {
    return assigned(step.to, item, placeholders);
  }
  const before = valueAt(item, placeholders.resolve(step.path));
  const argument = placeholders.value(step.placeholder);
  return step.kind === 'add' ? added(before, argument) : withoutMembers(before, argument);
}

function assigned(to: Assigned, item: Item, placeholders: Placeholders): AttributeValue {
  const read = (part: Assigned) => assigned(part, item, placeholders);
  switch (to.kind) {
    case 'value':
      return placeholders.value(to.placeholder);
    case 'path': {
      const value = valueAt(item, placeholders.resolve(to.path));
      if (value) {
        return value;
      }
      throw invalid(
        'The provided expression refers to an attribute that does not exist in the item',
      );
    }
    case 'ifNotExists':
      return valueAt(item, placeholders.resolve(to.path)) ?? read(to.otherwise);
    case 'append': {
      const [first, second] = [read(to.first), read(to.second)];
      if (!('L' in first && 'L' in second)) {
        throw wrongOperand();
      }
      return { L: [...first.L, ...second.L] };
    }
    default: {
      const [left, right] = [read(to.left), read(to.right)];
      if (!('N' in left && 'N' in right)) {
        throw wrongOperand();
      }
      const second = readDecimal(right.N);
      return sum(left.N, to.kind === 'plus' ? second : negate(second));
    }
  }
}

const sum = (text: string, other: ReturnType<typeof readDecimal>) => ({
  N: writeDecimal(addDecimals(readDecimal(text), other)),
});

/** ADD: a number grows, a set takes new members. */
function added(before: AttributeValue | undefined, argument: AttributeValue): AttributeValue {
  if (!('N' in argument) && !isSet(argument)) {
    throw invalid(
      `Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: ${nameOf(argument)}, typeSet: ALLOWED_FOR_ADD_OPERAND`,
    );
  }
  if (!before) {
    return argument;
  }
  if (typeOf(before) !== typeOf(argument)) {
    throw wrongOperand();
  }
  if ('N' in argument) {
    return sum((before as { N: string }).N, readDecimal(argument.N));
  }
  const type = typeOf(argument);
  return {
    [type]: [...new Set([...members(before), ...members(argument)])],
  } as unknown as AttributeValue;
}

/** DELETE: a set loses members, and is gone with its last one. */
function withoutMembers(
  before: AttributeValue | undefined,
  argument: AttributeValue,
): AttributeValue | undefined {
  if (!isSet(argument)) {
    throw invalid(
      `Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: ${nameOf(argument)}, typeSet: ALLOWED_FOR_DELETE_OPERAND`,
    );
  }
  if (!before) {
    return undefined;
  }
  const type = typeOf(argument);
  if (typeOf(before) !== type) {
    throw wrongOperand();
  }
  const gone = new Set(members(argument));
  const remaining = members(before).filter((each) => !gone.has(each));
  return remaining.length > 0 ? ({ [type]: remaining } as unknown as AttributeValue) : undefined;
}

const isSet = (value: AttributeValue) => 'SS' in value || 'NS' in value || 'BS' in value;

const members = (set: AttributeValue) => Object.values(set)[0] as readonly string[];

const wrongOperand = () =>
  invalid('An operand in the update expression has an incorrect data type');

/** A type's name in the messages about operands. */
const nameOf = (value: AttributeValue) =>
  ({
    S: 'STRING',
    N: 'NUMBER',
    B: 'BINARY',
    M: 'MAP',
    L: 'LIST',
    BOOL: 'BOOLEAN',
    NULL: 'NULL',
    SS: 'STRING_SET',
    NS: 'NUMBER_SET',
    BS: 'BINARY_SET',
  })[typeOf(value)];
