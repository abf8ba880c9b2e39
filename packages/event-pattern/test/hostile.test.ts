import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { growthWhenDoubled, linear } from '../../../test/count-steps.ts';
import { compilePattern } from '../src/compile-pattern.ts';
import { matches } from '../src/match-pattern.ts';
import { InvalidEventPattern } from '../src/pattern-json.ts';

const refuse = (pattern: string | object) => {
  try {
    compilePattern(pattern);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('The pattern is compiled.');
};

describe('hostile patterns', () => {
  test('any text is compiled or refused with a reason, never anything else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.json({ maxDepth: 4 })), (text) => {
        try {
          compilePattern(text);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidEventPattern);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('nesting of any depth is refused without overflowing the stack', () => {
    const deep = `{"a":`.repeat(200_000);
    expect(() => compilePattern(deep)).toThrow(/nesting depth/);
  });

  test('nested $or is refused beyond the limit of combinations', () => {
    const choice = (size: number) =>
      JSON.stringify({ $or: Array.from({ length: size }, () => ({ a: [1] })) }).slice(1, -1);
    const nested = (size: number) => `{${Array(4).fill(choice(size))}}`;
    expect(refuse(nested(40))).toMatch(/too complex/);
    const growth = growthWhenDoubled(20, (size) => () => refuse(nested(size)));
    expect(growth).toBeLessThan(linear);
  });

  test('wildcards of every length are checked in steps that grow with the length', () => {
    const wildcard = (size: number) =>
      Array.from({ length: size }, (_, index) => `${index % 7}*`).join('');
    expect(refuse({ a: [{ wildcard: wildcard(1000) }] })).toMatch(/too complex/);
    const growth = growthWhenDoubled(500, (size) => {
      const pattern = { a: [{ wildcard: wildcard(size) }] };
      return () => refuse(pattern);
    });
    expect(growth).toBeLessThan(linear);
  });
});

describe('the steps on a hostile event grow with its size', () => {
  test('when a wildcard almost matches a long value', () => {
    const pattern = compilePattern({ a: [{ wildcard: '*aaa*aab' }] });
    const growth = growthWhenDoubled(100_000, (size) => {
      const event = { a: 'a'.repeat(size) };
      expect(matches(pattern, event)).toBe(false);
      return () => matches(pattern, event);
    });
    expect(growth).toBeLessThan(linear);
  });

  test('when large arrays of objects are searched', () => {
    const eventOf = (size: number) => {
      const list = Array.from({ length: size }, (_, i) => ({ a: 1, b: { c: i }, d: [{ e: 2 }] }));
      return { p: list, q: list, r: list };
    };
    const growth = growthWhenDoubled(1000, (size) => {
      const event = eventOf(size);
      const pattern = compilePattern({
        p: { a: [1], b: { c: [-1, 5] }, d: { e: [2] } },
        q: { a: [1], d: { e: [2] }, f: [{ exists: false }] },
        r: { a: [1], b: { c: [size - 1] } },
      });
      expect(matches(pattern, event)).toBe(true);
      return () => matches(pattern, event);
    });
    expect(growth).toBeLessThan(linear);
    const hopeless = compilePattern({ p: { a: [1] }, q: { a: [1], b: { c: ['x'] } } });
    const growthWithoutMatch = growthWhenDoubled(1000, (size) => {
      const event = eventOf(size);
      expect(matches(hopeless, event)).toBe(false);
      return () => matches(hopeless, event);
    });
    expect(growthWithoutMatch).toBeLessThan(linear);
  });

  test('when no combination of its array elements matches', () => {
    const wants = { a: [1], b: [1] };
    const pattern = compilePattern({ p: { a: [1] }, q: { a: [1] }, r: { a: [1] }, s: wants });
    const growth = growthWhenDoubled(300, (size) => {
      const list = Array.from({ length: size }, (_, i) => (i % 2 ? { a: 1 } : { b: 1 }));
      const event = { p: list, q: list, r: list, s: list };
      expect(matches(pattern, event)).toBe(false);
      return () => matches(pattern, event);
    });
    expect(growth).toBeLessThan(linear);
  });
});

test('an event nested deeper than EventBridge processes is refused', () => {
  const pattern = compilePattern({ a: [{ exists: true }] });
  const nested = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  expect(matches(pattern, nested(1000))).toBe(false);
  expect(() => matches(pattern, nested(500_000))).toThrow(RangeError);
});
