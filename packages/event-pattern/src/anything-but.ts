import { CaselessText } from './comparable-values.ts';
import type { FieldValue, ValueTest } from './field-value.ts';
import { readComparable } from './numeric-test.ts';
import { type Fail, onlyMember, type PatternJson } from './pattern-json.ts';
import { matchesWildcard, readWildcard } from './wildcard.ts';

/**
 * Reads `{"anything-but": …}`: a value or a list of either strings or numbers, or an operator on a
 * string or a list of strings. The test accepts a value of any type that none of these accepts. It
 * does not accept a missing field.
 */
export function anythingBut(json: PatternJson, fail: Fail): ValueTest {
  if (json.kind === 'object') {
    return butOperator(json, fail);
  }
  if (json.kind !== 'array' && json.kind !== 'string' && json.kind !== 'number') {
    return fail('Value of anything-but must be an array or single string/number value.', json.end);
  }
  const items = json.kind === 'array' ? json.items : [json];
  for (const item of items) {
    if (item.kind !== 'string' && item.kind !== 'number') {
      return fail('Inside anything but list, start|null|boolean is not supported.', item.end);
    }
  }
  if (new Set(items.map((item) => item.kind)).size !== 1) {
    return fail(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
      json.end,
    );
  }
  return items[0]?.kind === 'number' ? butNumbers(items, fail) : butStrings(items);
}

function butStrings(items: readonly PatternJson[]): ValueTest {
  const texts = new Set(items.map((item) => (item.kind === 'string' ? `"${item.text}"` : '')));
  return { accepts: (value) => !texts.has(value.text) };
}

function butNumbers(items: readonly PatternJson[], fail: Fail): ValueTest {
  const numbers = new Set(
    items.map((item) => (item.kind === 'number' ? readComparable(item.text, item.end, fail) : 0n)),
  );
  return {
    accepts: ({ millionths }) => millionths === undefined || !numbers.has(millionths),
    numeric: true,
    readsNumbers: true,
  };
}

type Refuses = (value: FieldValue) => boolean;

function butOperator(json: PatternJson, fail: Fail): ValueTest {
  const { name, nameEnd, value } = onlyMember(json, 'Anything-But expression name not found', fail);
  const refusal = refusals.get(name);
  if (!refusal) {
    return fail(`Unsupported anything-but pattern: ${name}`, nameEnd);
  }
  const items = value.kind === 'array' ? value.items : [value];
  if (items.length === 0) {
    return fail('Empty arrays are not allowed', value.end);
  }
  const texts = items.map((item) => {
    if (item.kind !== 'string') {
      return fail(refusal.otherwise, item.end);
    }
    if (item.text === '' && refusal.refusesEmpty) {
      return fail('Null prefix/suffix not allowed', item.end);
    }
    return item.text;
  });
  const refuses = texts.map((text) => fail.from(() => refusal.read(text), value.end));
  return {
    accepts: (seen) => !refuses.some((test) => test(seen)),
    ...(name === 'wildcard' && { wildcards: texts }),
  };
}

interface Refusal {
  readonly otherwise: string;
  readonly refusesEmpty?: true;
  read(text: string): Refuses;
}

const refusals: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
  [
    'prefix',
    {
      otherwise: 'prefix/suffix match pattern must be a string',
      refusesEmpty: true,
      read: (text) => (value) => value.text.startsWith(`"${text}`),
    },
  ],
  [
    'suffix',
    {
      otherwise: 'prefix/suffix match pattern must be a string',
      refusesEmpty: true,
      read: (text) => (value) => value.text.endsWith(`${text}"`),
    },
  ],
  [
    'equals-ignore-case',
    {
      otherwise:
        'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
      read: (text) => {
        const caseless = new CaselessText(`"${text}"`);
        return (value) => caseless.equals(value.text);
      },
    },
  ],
  [
    'wildcard',
    {
      otherwise: 'wildcard match pattern must be a string',
      read: (text) => {
        const wildcard = readWildcard(text);
        return (value) => matchesWildcard(value.text, wildcard);
      },
    },
  ],
]);
