import type { BusType, Category, Unrecognized } from './data-of.ts';
import type { EventIn, EventOf } from './envelope.ts';
import { eventSource } from './names.ts';

/** An event pattern in EventBridge's form (`aws events put-rule --event-pattern`). */
export interface EventPattern {
  source: string[];
  'detail-type'?: string[];
  detail?: { [field: string]: unknown };
}

type AnyType = BusType;
type AnyCategory = Category | Unrecognized;
type OneOrMore<T> = T | readonly [T, ...T[]];

/** The part of an envelope that patterns can use: not `raw`, whose form the sender decides. */
type Detail<E> = E extends { readonly meta: infer M; readonly data: infer D }
  ? { readonly meta: M; readonly data: D }
  : never;

/** Selects the events of a pattern. */
export interface PatternSpec<T extends AnyType, C extends AnyCategory> {
  /** Event types. Default: all. */
  readonly type?: OneOrMore<T>;
  /** Categories. Default: all. */
  readonly category?: OneOrMore<C>;
  /** Conditions on `meta` and `data`. Default: none. */
  readonly where?: Where<Detail<Extract<EventOf<T>, EventIn<C>>>>;
}

/**
 * Creates an event pattern for this pipeline's events, checked at compile time: an unknown event type, a path
 * that no selected type has, or a value that the field cannot have does not compile.
 *
 *     pattern({
 *       type: ['message', 'message.any'],
 *       where: { 'data.chat.kind': 'group', 'meta.fromMe': false },
 *     });
 */
export function pattern<
  const T extends AnyType = AnyType,
  const C extends AnyCategory = AnyCategory,
>(spec: PatternSpec<T, C>): EventPattern {
  const { type, category, where } = spec;
  const detail: Branch = {};
  if (category !== undefined) {
    place(detail, 'meta.category', category);
  }
  if (where !== undefined) {
    placeAll(detail, where as ConditionsByPath);
  }
  return {
    source: [eventSource],
    ...(type !== undefined && { 'detail-type': [type].flat() as string[] }),
    ...(Object.keys(detail).length > 0 && { detail }),
  };
}

type ConditionsByPath = { readonly [path: string]: unknown };
type Branch = { [name: string]: unknown };

const orKey = '$or';

function placeAll(branch: Branch, where: ConditionsByPath): void {
  for (const [path, condition] of Object.entries(where)) {
    if (path === orKey) {
      branch[orKey] = (condition as readonly ConditionsByPath[]).map(branchOf);
    } else if (condition !== undefined) {
      place(branch, path, condition);
    }
  }
  checkOr(branch);
}

function branchOf(where: ConditionsByPath): Branch {
  const branch: Branch = {};
  placeAll(branch, where);
  return branch;
}

/** Adds a condition at a dotted path. */
function place(branch: Branch, path: string, condition: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  if (names.length === 0 || !/^(meta|data)$/.test(names[0] ?? '')) {
    throw new TypeError(`"${path}" is not a path of an envelope: expected meta.… or data.…`);
  }
  let here = branch;
  for (const name of names) {
    const next = Object.hasOwn(here, name) ? here[name] : {};
    here[name] = next;
    here = next as Branch;
  }
  if (Object.hasOwn(here, last)) {
    throw new TypeError(`"${path}" has two sets of conditions.`);
  }
  const conditions = Array.isArray(condition) ? condition : [condition];
  if (conditions.length === 0) {
    throw new TypeError(`"${path}" has no condition, so nothing matches.`);
  }
  here[last] = conditions;
}

/** Refuses a field with conditions both inside and outside of `$or`: EventBridge uses only one of them. */
function checkOr(branch: Branch): void {
  const options = branch[orKey];
  if (!Array.isArray(options)) {
    return;
  }
  const outside = new Set(pathsOf({ ...branch, [orKey]: undefined }));
  const both = options.flatMap((option) => pathsOf(option)).find((path) => outside.has(path));
  if (both) {
    throw new TypeError(`"${both}" has conditions both inside and outside of $or.`);
  }
}

function pathsOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value) && !path.endsWith(orKey)) {
    return [path];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((option) => pathsOf(option, path.slice(0, -orKey.length - 1)));
  }
  return Object.entries(value).flatMap(([name, inner]) =>
    pathsOf(inner, path === '' ? name : `${path}.${name}`),
  );
}

/**
 * EventBridge's operators that are useful for a field, by the type of its value (EventBridge User Guide,
 * "Comparison operators for use in event patterns").
 */

/** Whether the field exists. */
export interface Exists {
  readonly exists: boolean;
}

type CaselessText = string | { readonly 'equals-ignore-case': string };

/** Conditions on any text. */
type TextCondition =
  | string
  | Exists
  | { readonly prefix: CaselessText }
  | { readonly suffix: CaselessText }
  | { readonly wildcard: string }
  | { readonly 'equals-ignore-case': string }
  | {
      readonly 'anything-but':
        | OneOrMore<string>
        | { readonly prefix: OneOrMore<string> }
        | { readonly suffix: OneOrMore<string> }
        | { readonly wildcard: OneOrMore<string> }
        | { readonly 'equals-ignore-case': OneOrMore<string> };
    };

/**
 * All prefixes of a word, so that a prefix that no word has does not compile. The last two parameters are
 * accumulators, which allow long words.
 */
type BeginningOf<
  W extends string,
  Read extends string = '',
  All extends string = never,
> = W extends `${infer Next}${infer Rest}`
  ? BeginningOf<Rest, `${Read}${Next}`, All | `${Read}${Next}`>
  : All;

/** Conditions on one of a list of words. */
type WordCondition<W extends string> =
  | W
  | Exists
  | { readonly prefix: BeginningOf<W> }
  | { readonly 'anything-but': OneOrMore<W> };

type NumericTest =
  | readonly ['=' | '<' | '<=' | '>' | '>=', number]
  | readonly ['>' | '>=', number, '<' | '<=', number];

type NumberCondition =
  | number
  | Exists
  | { readonly numeric: NumericTest }
  | { readonly 'anything-but': OneOrMore<number> };

type BooleanCondition = boolean | Exists;

/** The conditions on a field whose value has the type `V`. */
export type Condition<V> = [V] extends [string]
  ? string extends V
    ? TextCondition
    : WordCondition<V>
  : [V] extends [number]
    ? NumberCondition
    : [V] extends [boolean]
      ? BooleanCondition
      : V extends unknown
        ? Condition<V> | Exists
        : never;

/** One condition, or several of which one must hold. */
export type Conditions<V> = OneOrMore<Condition<V>>;

type Leaf = string | number | boolean;

/**
 * The dotted paths to all fields of a value that are not objects. As in EventBridge, a list is treated like
 * its items.
 */
export type PathOf<T> = T extends readonly (infer Item)[]
  ? PathOf<Item>
  : T extends Leaf
    ? never
    : T extends object
      ? { [K in keyof T & string]: PathFrom<K, NonNullable<T[K]>> }[keyof T & string]
      : never;

type PathFrom<K extends string, V> = V extends Leaf
  ? K
  : V extends readonly (infer Item)[]
    ? PathFrom<K, Item>
    : `${K}.${PathOf<V>}`;

/** The type of the value at a path of {@link PathOf}. */
export type ValueAt<T, P extends string> = T extends readonly (infer Item)[]
  ? ValueAt<Item, P>
  : P extends `${infer K}.${infer Rest}`
    ? K extends keyof T
      ? ValueAt<NonNullable<T[K]>, Rest>
      : never
    : P extends keyof T
      ? LeafOf<NonNullable<T[P]>>
      : never;

type LeafOf<V> = V extends readonly (infer Item)[] ? LeafOf<Item> : V extends Leaf ? V : never;

/** Conditions by path. All must hold, and one of those in `$or`. */
export type Where<Detail> = {
  readonly [P in PathOf<Detail>]?: Conditions<ValueAt<Detail, P>>;
} & {
  /** Two or more sets of conditions, of which one must hold. */
  readonly $or?: readonly [Where<Detail>, Where<Detail>, ...Where<Detail>[]];
};
