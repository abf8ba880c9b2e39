import type { FieldValue } from './field-value.ts';
import { readValueTest } from './match-expression.ts';
import { type PatternJson, printPatternJson } from './pattern-json.ts';
import type { Fail } from './pattern-syntax.ts';
import type { IndexKey, ValueTest } from './value-test.ts';

/** One field of a pattern with its list of acceptable values. */
export interface Leaf {
  /** The field's names joined by dots, as EventBridge compares them: `detail.meta.type`. */
  readonly path: string;
  /** The list as compact JSON. */
  readonly demanded: string;
  accepts(value: FieldValue): boolean;
  /** The list has `{"exists": false}`: the field may be missing. */
  readonly mayBeAbsent: boolean;
  readonly readsNumbers: boolean;
  /** Keys that find the leaf for every value it accepts; undefined when it must be tried. */
  readonly keys?: readonly IndexKey[];
  /** Each entry that has wildcards, with them. */
  readonly wildcards: readonly (readonly string[])[];
}

/** Reads a field's list. */
export function readLeaf(path: string, json: PatternJson, fail: Fail): Leaf {
  const items = json.kind === 'array' ? json.items : [];
  const tests = items.map((item) => readValueTest(item, fail));
  if (tests.length === 0) return fail('Empty arrays are not allowed', json.end);
  const mayBeAbsent = tests.some((test) => test.absence);
  const keys = tests.flatMap((test) => test.key ?? []);
  return {
    path,
    demanded: printPatternJson(json),
    accepts: acceptsAny(tests),
    mayBeAbsent,
    readsNumbers: tests.some((test) => test.readsNumbers),
    ...(!mayBeAbsent && keys.length === tests.length && { keys }),
    wildcards: tests.flatMap((test) => (test.wildcards ? [test.wildcards] : [])),
  };
}

function acceptsAny(tests: readonly ValueTest[]): Leaf['accepts'] {
  const [only, ...more] = tests;
  if (only && more.length === 0) return only.accepts;
  const texts = new Set<string>();
  const others: ValueTest[] = [];
  for (const test of tests) {
    if (test.key?.by === 'exact') texts.add(test.key.text);
    else if (!test.absence) others.push(test);
  }
  // Next to a test for numbers, AWS reads a number as a number only, never as an address's digits.
  const numeric = tests.some((test) => test.numeric);
  const tried = others.filter((test) => !numeric || test.numeric || !test.readsNumbers);
  const ranges = others.filter((test) => !tried.includes(test));
  return (value) =>
    texts.has(value.text) ||
    tried.some((test) => test.accepts(value)) ||
    (value.millionths === undefined && ranges.some((test) => test.accepts(value)));
}
