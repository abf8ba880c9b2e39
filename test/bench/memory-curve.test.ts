import { describe, expect, test } from '@jest/globals';
import { memoryCurve } from '../../bench/memory/memory-curve.ts';

const curve = memoryCurve({ warmCpuMs: 0.5, coldCpuMs: 70 });
const at = (megabytes: number) => {
  const point = curve.find(({ memoryMb }) => memoryMb === megabytes);
  if (!point) throw new Error(`No point at ${megabytes} MB`);
  return point;
};

describe('the price of memory', () => {
  test('is paid for a whole CPU at 1,769 MB, where own time is what was measured', () => {
    expect(at(1_769)).toMatchObject({ warmMs: 20.5, coldMs: 90 });
    // 1.7275 GB for 20.5 ms, and 90 ms more for one webhook in a hundred.
    expect(at(1_769).dollars).toBeCloseTo(1.7275 * (20.5 + 0.9) * 1_000 * 0.0000133334, 2);
  });

  test('grows with memory as long as waiting is most of the time, which more memory does not shorten', () => {
    const dollars = curve.map((point) => point.dollars);
    expect(dollars).toEqual([...dollars].sort((a, b) => a - b));
    expect(at(512).warmMs - 20).toBeCloseTo(0.5 / (512 / 1_769));
  });
});
