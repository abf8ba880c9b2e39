import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { interleave } from '../../bench/statistics/interleaved.ts';
import { summarize } from '../../bench/statistics/summary.ts';

describe('what is said of measured values', () => {
  test('the median and the quartiles are between the values that they stand for', () => {
    expect(summarize([5, 1, 3, 2, 4])).toEqual({ median: 3, low: 2, high: 4, rounds: 5 });
    expect(summarize([1, 2])).toEqual({ median: 1.5, low: 1.25, high: 1.75, rounds: 2 });
  });

  test('never lies outside of what was measured, in whatever order it came', () => {
    const values = fc.array(fc.double({ noNaN: true, min: 0, max: 1e9 }), { minLength: 1 });
    fc.assert(
      fc.property(values, (measured) => {
        const { median, low, high } = summarize(measured);
        expect(low).toBeGreaterThanOrEqual(Math.min(...measured));
        expect(high).toBeLessThanOrEqual(Math.max(...measured));
        expect(low).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(high);
        expect(summarize([...measured].reverse())).toEqual({
          median,
          low,
          high,
          rounds: measured.length,
        });
      }),
    );
  });

  test('of nothing, nothing is said', () => {
    expect(summarize([]).median).toBeNaN();
  });
});

describe('measuring in turns', () => {
  test('every subject has its turn in each round, and each begins a round', async () => {
    const turns: string[] = [];
    const results = await interleave(['a', 'b', 'c'], 3, async (name) => turns.push(name));
    expect(turns.join('')).toBe('abcbcacab');
    expect(results.a).toMatchObject({ rounds: 3, median: 6 });
  });
});
