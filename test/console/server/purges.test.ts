import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Purges } from '../../../console/server/purges.ts';

test('the last purge of a queue can be undone, then the one before, each once', () => {
  const purges = new Purges();
  purges.begin('orders')(['a', 'b']);
  purges.begin('calls')(['c']);
  const keep = purges.begin('orders');
  keep(['d']);
  keep(['e', 'f']);
  const last = purges.last('orders');
  expect(last).toMatchObject({ count: 3 });
  expect(purges.take(last?.id ?? '')).toEqual(['d', 'e', 'f']);
  expect(purges.take(last?.id ?? '')).toBeUndefined();
  expect(purges.last('orders')).toMatchObject({ count: 2 });
  expect(purges.last('calls')).toMatchObject({ count: 1 });
});

test('a purge that deleted nothing is none that could be undone', () => {
  const purges = new Purges();
  purges.begin('orders');
  expect(purges.last('orders')).toBeUndefined();
});

test('the copies never take more memory than is given to them, and no purge deletes what it did not keep', () => {
  const line = fc.string({ maxLength: 30 });
  fc.assert(
    fc.property(fc.array(fc.array(fc.array(line)), { maxLength: 12 }), (all) => {
      const budget = 100;
      const purges = new Purges(budget);
      for (const [index, rounds] of all.entries()) {
        const keep = purges.begin(String(index));
        const kept = rounds.filter(keep).flat();
        expect(purges.last(String(index))?.count ?? 0).toBe(kept.length);
      }
      const remaining = all.flatMap((_, index) => {
        const { id = '' } = purges.last(String(index)) ?? {};
        return purges.take(id) ?? [];
      });
      expect(remaining.join('').length).toBeLessThanOrEqual(budget);
    }),
  );
});
