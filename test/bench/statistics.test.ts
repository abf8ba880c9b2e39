import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { interleave, median, pairedMedian, quantile } from '../../bench/statistics.ts';

describe('medians', () => {
  test('the median and the quartiles are between the values of the sample', () => {
    expect([0.25, 0.5, 0.75].map((part) => quantile([5, 1, 3, 2, 4], part))).toEqual([2, 3, 4]);
    expect(median([1, 2])).toBe(1.5);
    expect(median([])).toBeNaN();
  });

  test('a quantile is never outside of the measured values, in any order of them', () => {
    const values = fc.array(fc.double({ noNaN: true, min: 0, max: 1e9 }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.double({ noNaN: true, min: 0, max: 1 }), (measured, part) => {
        const value = quantile(measured, part);
        expect(value).toBeGreaterThanOrEqual(Math.min(...measured));
        expect(value).toBeLessThanOrEqual(Math.max(...measured));
        expect(quantile([...measured].reverse(), part)).toBe(value);
      }),
    );
  });

  test('a slow round, which both subjects had, does not change their ratio', () => {
    const ratio = (own: number, rival: number) => own / rival;
    expect(pairedMedian([2, 200, 2], [1, 100, 1], ratio)).toBe(2);
  });

  test('subjects that were not measured in the same rounds have no ratio', () => {
    expect(pairedMedian([1, 2], [1], (own, rival) => own / rival)).toBeNaN();
  });
});

test('every subject has its turn in each round, and each begins a round', async () => {
  const turns: string[] = [];
  const results = await interleave(['a', 'b', 'c'], 3, async (name) => turns.push(name));
  expect(turns.join('')).toBe('abcbcacab');
  expect(results.a).toEqual([1, 6, 8]);
});
