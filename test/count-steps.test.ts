import { describe, expect, test } from '@jest/globals';
import { countSteps, growthWhenDoubled, linear } from './count-steps.ts';

const sum = (items: readonly number[]) => {
  let total = 0;
  for (const item of items) {
    total += item;
  }
  return total;
};
const sumOfProducts = (items: readonly number[]) => {
  let total = 0;
  for (const one of items) {
    for (const other of items) {
      total += one * other;
    }
  }
  return total;
};
const numbers = (size: number) => Array.from({ length: size }, (_, index) => index);

const growthOf = (work: (items: readonly number[]) => unknown) =>
  growthWhenDoubled(1_000, (size) => {
    const items = numbers(size);
    return () => work(items);
  });

describe('steps', () => {
  test('are as many each time', () => {
    const items = numbers(1_000);
    const first = countSteps(() => sum(items));
    expect(first).toBeGreaterThanOrEqual(1_000);
    for (let again = 0; again < 20; again += 1) {
      expect(countSteps(() => sum(items))).toBe(first);
    }
  });

  test('tell work that is linear, or sorts, from work that is quadratic', () => {
    expect(growthOf(sum)).toBeLessThan(linear);
    expect(growthOf((items) => items.toSorted((a, b) => b - a))).toBeLessThan(linear);
    expect(growthOf((items) => items.toSorted((a, b) => Math.sin(a) - Math.sin(b)))).toBeLessThan(
      linear,
    );
    expect(growthOf(sumOfProducts)).toBeGreaterThan(3.9);
  });
});
