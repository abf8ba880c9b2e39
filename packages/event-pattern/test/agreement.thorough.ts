import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compilePattern } from '../src/compile-pattern.ts';
import { explainMatch, matches } from '../src/match-pattern.ts';
import { InvalidEventPattern } from '../src/pattern-json.ts';
import { RuleIndex } from '../src/rule-index.ts';
import { arbitraryEvent, arbitraryPattern } from './arbitrary-pattern.ts';
import { naivelyMatches } from './naive-matcher.ts';

/** A random pattern may have too many wildcards; it is then refused and not compared. */
const compileOrSkip = (pattern: object) => {
  try {
    return compilePattern(pattern);
  } catch (error) {
    if (error instanceof InvalidEventPattern && /too complex/.test(error.reason)) {
      fc.pre(false);
    }
    // The generator makes valid patterns only.
    throw error;
  }
};

test('the matcher agrees with a naive one on random patterns and events', () => {
  let matched = 0;
  fc.assert(
    fc.property(arbitraryPattern, arbitraryEvent, (pattern, event) => {
      const compiled = compileOrSkip(pattern);
      const expected = naivelyMatches(pattern, event);
      if (expected) {
        matched += 1;
      }
      expect(matches(compiled, event)).toBe(expected);
      expect(matches(compiled, JSON.stringify(event))).toBe(expected);
      expect(explainMatch(compiled, event).matches).toBe(expected);
    }),
    { numRuns: 4000 },
  );
  // About 345 match. So few would mean that the generator no longer makes events that match.
  expect(matched).toBeGreaterThan(100);
});

test('the rule index finds exactly the rules that match one by one', () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryPattern, { minLength: 1, maxLength: 12 }),
      fc.array(arbitraryEvent, { minLength: 1, maxLength: 4 }),
      fc.nat(11),
      (patterns, events, removed) => {
        const index = new RuleIndex<number>();
        const compiled = patterns.map(compileOrSkip);
        for (const [rule, pattern] of compiled.entries()) {
          index.add(rule, pattern);
        }
        index.matching(events[0]);
        index.remove(removed);
        for (const event of events) {
          const expected = compiled.flatMap((pattern, rule) =>
            rule !== removed && matches(pattern, event) ? [rule] : [],
          );
          expect(index.matching(event)).toEqual(expected);
        }
      },
    ),
    { numRuns: 400 },
  );
});
