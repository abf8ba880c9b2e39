import { describe, expect, test } from '@jest/globals';
import { exceeded } from '../../bench/gate/exceeded.ts';
import { type LimitName, limits } from '../../bench/gate/limits.ts';

const atLimit = Object.fromEntries(
  Object.entries(limits).map(([name, { atMost }]) => [name, atMost]),
) as Record<LimitName, number>;

describe('the gate', () => {
  test('lets through what is exactly as large as allowed', () => {
    expect(exceeded(atLimit)).toEqual([]);
  });

  test.each(Object.keys(limits) as LimitName[])('holds back more of %s', (name) => {
    expect(exceeded({ ...atLimit, [name]: limits[name].atMost + 0.01 })).toEqual([name]);
  });

  test('holds back what could not be measured', () => {
    expect(exceeded({ ...atLimit, warmRatio: Number.NaN })).toEqual(['warmRatio']);
  });
});
