import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compilePattern } from '../src/compile-pattern.ts';
import { InvalidEventPattern } from '../src/invalid-event-pattern.ts';
import { matches } from '../src/match-pattern.ts';

/** Generous, and still far from what a blow-up would take. */
const SOON_MS = 2000;

/** Counts the time of this process only: other processes may keep the machine busy. */
const soon = <T>(work: () => T): T => {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1000).toBeLessThan(SOON_MS);
  return result;
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

  test('$or upon $or stops at the limit', () => {
    const or = JSON.stringify({ $or: Array.from({ length: 40 }, () => ({ a: [1] })) }).slice(1, -1);
    soon(() => expect(() => compilePattern(`{${or},${or},${or},${or}}`)).toThrow(/too complex/));
  });

  test('wildcards of every length are judged in time', () => {
    const wildcard = Array.from({ length: 1000 }, (_, i) => `${i % 7}*`).join('');
    soon(() => expect(() => compilePattern({ a: [{ wildcard }] })).toThrow(/too complex/));
  });
});

describe('hostile events', () => {
  test('a wildcard is linear in the value', () => {
    const pattern = compilePattern({ a: [{ wildcard: '*aaa*aab' }] });
    soon(() => expect(matches(pattern, { a: 'a'.repeat(1_000_000) })).toBe(false));
  });

  test('large arrays of objects are searched in time', () => {
    const list = Array.from({ length: 5000 }, (_, i) => ({ a: 1, b: { c: i }, d: [{ e: 2 }] }));
    const event = { p: list, q: list, r: list };
    const pattern = compilePattern({
      p: { a: [1], b: { c: [-1, 5] }, d: { e: [2] } },
      q: { a: [1], d: { e: [2] }, f: [{ exists: false }] },
      r: { a: [1], b: { c: [4999] } },
    });
    expect(soon(() => matches(pattern, event))).toBe(true);
    const hopeless = compilePattern({ p: { a: [1] }, q: { a: [1], b: { c: ['x'] } } });
    expect(soon(() => matches(hopeless, event))).toBe(false);
  });

  test('elements that never fit together are given up in time', () => {
    const list = Array.from({ length: 300 }, (_, i) => (i % 2 ? { a: 1 } : { b: 1 }));
    const event = { p: list, q: list, r: list, s: list };
    const wants = { a: [1], b: [1] };
    const pattern = compilePattern({ p: { a: [1] }, q: { a: [1] }, r: { a: [1] }, s: wants });
    expect(soon(() => matches(pattern, event))).toBe(false);
  });

  test('an event nested deeper than EventBridge processes is refused', () => {
    const pattern = compilePattern({ a: [{ exists: true }] });
    const nested = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(matches(pattern, nested(1000))).toBe(false);
    expect(() => matches(pattern, nested(500_000))).toThrow(RangeError);
  });
});
