/**
 * EventBridge's operators that make sense for a field, by the type of its value. The wording is AWS's
 * (EventBridge user guide, "Comparison operators for use in event patterns").
 */

/** Whether the field is there at all. */
export interface Exists {
  readonly exists: boolean;
}

type CaselessText = string | { readonly 'equals-ignore-case': string };
type OneOrMore<T> = T | readonly [T, ...T[]];

/** For text that may be anything. */
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
 * All beginnings of a word, so that a prefix that no word has does not compile. The two last parameters
 * carry what was read, which lets the compiler follow long words.
 */
type BeginningOf<
  W extends string,
  Read extends string = '',
  All extends string = never,
> = W extends `${infer Next}${infer Rest}`
  ? BeginningOf<Rest, `${Read}${Next}`, All | `${Read}${Next}`>
  : All;

/** For one of a list of words. */
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

/** The dotted paths to all fields of a value that hold no object. Lists are looked through, as EventBridge does. */
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

/** What a path of {@link PathOf} leads to. */
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

/** Conditions by path, all of which must hold; of `$or` one. */
export type Where<Detail> = {
  readonly [P in PathOf<Detail>]?: Conditions<ValueAt<Detail, P>>;
} & {
  /** Two or more sets of conditions, of which one must hold. */
  readonly $or?: readonly [Where<Detail>, Where<Detail>, ...Where<Detail>[]];
};
