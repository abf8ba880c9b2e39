import fc from 'fast-check';

/** Few names and values, so that random patterns and random events meet often. */
const name = fc.constantFrom('a', 'b', 'a', 'b', 'c', 'a.b');
const text = fc.constantFrom('', 'a', 'b', 'ab', 'AB', 'aB', 'ba', 'abab', 'é', 'É', '__proto__');
const some = fc.constantFrom('a', 'b', 'ab', 'AB', 'é');
const number = fc.constantFrom(-1, 0, 0.5, 1, 2, 3.25, 100);
const primitive = fc.oneof(text, number, fc.boolean(), fc.constant(null));

/** Events: nested objects and arrays, deep enough for arrays in arrays. */
export const arbitraryEvent = fc.letrec((tie) => ({
  object: fc.dictionary(name, tie('value') as fc.Arbitrary<unknown>, {
    maxKeys: 2,
    noNullPrototype: true,
  }),
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    primitive,
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).object as fc.Arbitrary<Record<string, never>>;

const oneOrMore = (value: fc.Arbitrary<unknown>) =>
  fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 2 }));

const wildcard = fc.constantFrom('*', 'a*', '*b', 'a*b', '*a*', 'b');

const entry = fc.oneof(
  { arbitrary: primitive, weight: 4 },
  fc.record({ prefix: text }),
  fc.record({ suffix: text }),
  fc.record({ prefix: fc.record({ 'equals-ignore-case': text }) }),
  fc.record({ suffix: fc.record({ 'equals-ignore-case': text }) }),
  fc.record({ 'equals-ignore-case': text }),
  fc.record({ wildcard }),
  fc.record({ exists: fc.boolean() }),
  fc.record({ numeric: fc.tuple(fc.constantFrom('<', '<=', '=', '>', '>='), number) }),
  fc.constant({ numeric: ['>', 0, '<=', 2] }),
  fc.record({ 'anything-but': fc.oneof(oneOrMore(text), oneOrMore(number)) }),
  fc.record({ 'anything-but': fc.record({ prefix: oneOrMore(some) }) }),
  fc.record({ 'anything-but': fc.record({ suffix: oneOrMore(some) }) }),
  fc.record({ 'anything-but': fc.record({ 'equals-ignore-case': oneOrMore(some) }) }),
  fc.record({ 'anything-but': fc.record({ wildcard: oneOrMore(wildcard) }) }),
);

const list = fc.array(entry, { minLength: 1, maxLength: 4 });

/** Valid patterns, with `$or` also inside `$or`. */
export const arbitraryPattern = fc.letrec((tie) => ({
  fields: fc.dictionary(
    name,
    fc.oneof({ maxDepth: 2 }, { arbitrary: list, weight: 3 }, tie('object')),
    {
      minKeys: 1,
      maxKeys: 2,
      noNullPrototype: true,
    },
  ),
  either: fc.record({ $or: fc.array(tie('object'), { minLength: 2, maxLength: 3 }) }),
  both: fc.tuple(tie('fields'), tie('either')).map(([fields, either]) => ({
    ...(fields as object),
    ...(either as object),
  })),
  object: fc.oneof(
    { maxDepth: 3 },
    { arbitrary: tie('fields'), weight: 5 },
    tie('either'),
    tie('both'),
  ),
})).object as fc.Arbitrary<Record<string, never>>;
