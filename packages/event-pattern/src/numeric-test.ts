import { comparableRange, millionths } from './comparable-values.ts';
import type { ValueTest } from './field-value.ts';
import type { Fail, PatternJson } from './pattern-json.ts';

/** Reads `{"numeric": [">", 0, "<=", 5]}`: one comparison, or a lower and then an upper bound. */
export function numericTest(json: PatternJson, fail: Fail): ValueTest {
  if (json.kind !== 'array') {
    return fail('Value of numeric must be an array.', json.end);
  }
  const [first, operand, second, top, ...more] = json.items;
  if (first?.kind !== 'string') {
    return fail('Invalid member in numeric match', first?.end ?? json.end);
  }
  const operator = first.text;
  const isBottom = operator === '>' || operator === '>=';
  if (!isBottom && operator !== '=' && operator !== '<' && operator !== '<=') {
    return fail(`Unrecognized numeric range operator: ${operator}`, operand?.end ?? json.end);
  }
  const value = readNumber(operand, operator === '=' ? 'equals' : operator, json.end, fail);
  if (!second) {
    return compare([[operator, value]], json.end, fail);
  }
  if (!isBottom) {
    return fail('Too many elements in numeric expression', second.end);
  }
  if (second.kind !== 'string') {
    return fail('Bad value in numeric range', second.end);
  }
  if (second.text !== '<' && second.text !== '<=') {
    return fail(`Bad numeric range operator: ${second.text}`, second.end);
  }
  const limit = readNumber(top, second.text, json.end, fail);
  if (more[0]) {
    return fail('Too many terms in numeric range expression', more[0].end);
  }
  return compare(
    [
      [operator, value],
      [second.text, limit],
    ],
    json.end,
    fail,
  );
}

function readNumber(
  json: PatternJson | undefined,
  operator: string,
  end: number,
  fail: Fail,
): bigint {
  if (json?.kind !== 'number') {
    return fail(`Value of ${operator} must be numeric`, json?.end ?? end);
  }
  return readComparable(json.text, json.end, fail);
}

/** A number in millionths. Refuses a number that EventBridge cannot compare. */
export function readComparable(text: string, offset: number, fail: Fail): bigint {
  const value = millionths(text);
  if (value !== undefined) {
    return value;
  }
  return fail(`${comparableRange}: ${text}`, offset);
}

type Comparison = readonly [operator: string, millionths: bigint];

function compare(comparisons: readonly Comparison[], end: number, fail: Fail): ValueTest {
  let bottom: bigint | undefined;
  let top: bigint | undefined;
  let openBottom = false;
  let openTop = false;
  for (const [operator, value] of comparisons) {
    if (operator === '=') {
      return {
        accepts: (seen) => seen.millionths === value,
        key: { by: 'number', millionths: value },
        numeric: true,
        readsNumbers: true,
      };
    }
    if (operator.startsWith('>')) {
      [bottom, openBottom] = [value, operator === '>'];
    } else {
      [top, openTop] = [value, operator === '<'];
    }
  }
  // AWS checks this only when both bounds are given.
  if (bottom !== undefined && top !== undefined && bottom >= top) {
    return fail('Bottom must be less than top', end);
  }
  return {
    accepts: ({ millionths: seen }) =>
      seen !== undefined &&
      (bottom === undefined || (openBottom ? seen > bottom : seen >= bottom)) &&
      (top === undefined || (openTop ? seen < top : seen <= top)),
    numeric: true,
    readsNumbers: true,
  };
}
