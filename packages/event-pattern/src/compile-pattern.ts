import type { FieldValue, IndexKey, ValueTest } from './field-value.ts';
import { readValueTest } from './match-expression.ts';
import {
  type Fail,
  failIn,
  InvalidEventPattern,
  type PatternJson,
  printPatternJson,
  readPatternJson,
} from './pattern-json.ts';
import { refuseComplexWildcards } from './wildcard.ts';

/** A pattern ready to be matched. An event matches when one of the branches matches. */
export interface CompiledPattern {
  readonly text: string;
  /** One for each combination of the pattern's `$or` branches; a single one without `$or`. */
  readonly branches: readonly Branch[];
  /** Whether exact matching needs the text of the event's numbers. */
  readonly readsNumbers: boolean;
}

/** Leaves that must all be satisfied, sorted by path. */
export type Branch = readonly Leaf[];

/** EventBridge refuses patterns whose `$or`s result in more than 1,000 combinations. */
const maxBranches = 1000;

/** Names that are reserved inside `$or` and therefore cannot be fields there (event-ruler). */
const reservedInOr = new Set(
  `exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr html = < <= > >=
  regex not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before
  in-date-range ip-address-in-range ip-address-not-in-range`.split(/\s+/),
);

/**
 * Compiles an event pattern, given as JSON text or as an object. Accepts and refuses the same
 * patterns as EventBridge; throws {@link InvalidEventPattern} with its message.
 */
export function compilePattern(pattern: string | object): CompiledPattern {
  const text = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
  const json = readPatternJson(text);
  const fail = failIn(text);
  if (json.kind !== 'object') {
    return fail('Filter is not an object', json.end);
  }
  const grown = new BranchReader(fail).read([new Map()], json, '', false);
  const branches = grown.map((leaves) =>
    [...leaves.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
  );
  refuseComplexWildcards(branches);
  return { text, branches, readsNumbers: branches.flat().some((leaf) => leaf.readsNumbers) };
}

type GrowingBranch = ReadonlyMap<string, Leaf>;

class BranchReader {
  readonly #fail: Fail;

  constructor(fail: Fail) {
    this.#fail = fail;
  }

  /** Adds an object's fields to each of the branches; `$or` multiplies them. */
  read(
    branches: readonly GrowingBranch[],
    json: PatternJson & { kind: 'object' },
    path: string,
    inOr: boolean,
  ): readonly GrowingBranch[] {
    if (json.members.length === 0) {
      this.#fail('Empty objects are not allowed', json.end);
    }
    let grown = branches;
    for (const { name, nameEnd, value } of json.members) {
      if (name === '$or') {
        grown = this.#either(grown, value, path);
        continue;
      }
      if (inOr && reservedInOr.has(name)) {
        this.#fail(`${name} is Ruler reserved fieldName which cannot be used inside $or.`, nameEnd);
      }
      const field = path === '' ? name : `${path}.${name}`;
      if (value.kind === 'object') {
        grown = this.read(grown, value, field, inOr);
      } else if (value.kind === 'array') {
        const leaf = readLeaf(field, value, this.#fail);
        // A later list for the same field replaces an earlier one, as on AWS.
        grown = grown.map((branch) => new Map(branch).set(field, leaf));
      } else {
        this.#fail(`"${name}" must be an object or an array`, value.end);
      }
    }
    return grown;
  }

  #either(
    branches: readonly GrowingBranch[],
    json: PatternJson,
    path: string,
  ): readonly GrowingBranch[] {
    if (json.kind !== 'array') {
      return this.#fail('It must be an Array followed with $or.', json.end);
    }
    const grown: GrowingBranch[] = [];
    for (const item of json.items) {
      if (item.kind !== 'object') {
        return this.#fail('Only JSON object is allowed in array of $or relationship.', item.end);
      }
      grown.push(...this.read(branches, item, path, true));
      if (grown.length > maxBranches) {
        throw new InvalidEventPattern(
          `Rule is too complex - $or must not result in more than ${maxBranches} combinations`,
        );
      }
    }
    if (json.items.length < 2) {
      return this.#fail('There must have at least 2 Objects in $or relationship.', json.end);
    }
    return grown;
  }
}

/** One field of a pattern with its list of acceptable values. */
export interface Leaf {
  /** The field's names joined by dots, as EventBridge compares them: `detail.meta.type`. */
  readonly path: string;
  /** The list as compact JSON. */
  readonly expected: string;
  accepts(value: FieldValue): boolean;
  /** Whether the list has `{"exists": false}`, so that the field may be missing. */
  readonly mayBeAbsent: boolean;
  readonly readsNumbers: boolean;
  /** Every value that the leaf accepts has one of these keys. Undefined when it has no such keys. */
  readonly keys?: readonly IndexKey[];
  /** The wildcards of each entry that has some. */
  readonly wildcards: readonly (readonly string[])[];
}

/** Reads a field's list. */
function readLeaf(path: string, json: PatternJson, fail: Fail): Leaf {
  const items = json.kind === 'array' ? json.items : [];
  const tests = items.map((item) => readValueTest(item, fail));
  if (tests.length === 0) {
    return fail('Empty arrays are not allowed', json.end);
  }
  const mayBeAbsent = tests.some((test) => test.absence);
  const keys = tests.flatMap((test) => test.key ?? []);
  return {
    path,
    expected: printPatternJson(json),
    accepts: acceptsAny(tests),
    mayBeAbsent,
    readsNumbers: tests.some((test) => test.readsNumbers),
    ...(!mayBeAbsent && keys.length === tests.length && { keys }),
    wildcards: tests.flatMap((test) => (test.wildcards ? [test.wildcards] : [])),
  };
}

function acceptsAny(tests: readonly ValueTest[]): Leaf['accepts'] {
  const [only, ...more] = tests;
  if (only && more.length === 0) {
    return only.accepts;
  }
  const texts = new Set<string>();
  const others: ValueTest[] = [];
  for (const test of tests) {
    if (test.key?.by === 'exact') {
      texts.add(test.key.text);
    } else if (!test.absence) {
      others.push(test);
    }
  }
  // When the list also compares numbers, AWS does not read a number as the digits of an IP address.
  const numeric = tests.some((test) => test.numeric);
  const tried = others.filter((test) => !numeric || test.numeric || !test.readsNumbers);
  const ranges = others.filter((test) => !tried.includes(test));
  return (value) =>
    texts.has(value.text) ||
    tried.some((test) => test.accepts(value)) ||
    (value.millionths === undefined && ranges.some((test) => test.accepts(value)));
}
