import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addDecimals,
  negate,
  readDecimal,
  sortableDecimal,
  writeDecimal,
} from '../../src/dynamodb/values/attribute-value.ts';

/** Numbers as integers over a common power of ten, so that BigInt is the reference. */
const places = 20;
const full = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const number = full.map((units) => {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const text = `${units < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return { units, text };
});

describe('numbers', () => {
  test('sort by value, whatever their signs and lengths', () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [first, second] = [a, b].map(({ text }) => sortableDecimal(readDecimal(text)));
        const order = a.units < b.units ? -1 : a.units > b.units ? 1 : 0;
        expect(Math.sign(Buffer.compare(first as Buffer, second as Buffer))).toBe(order);
      }),
    );
  });

  test('are added exactly, and subtraction restores the first', () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [first, second] = [readDecimal(a.text), readDecimal(b.text)];
        const sum = addDecimals(first, second);
        expect(writeDecimal(addDecimals(sum, negate(second)))).toBe(writeDecimal(first));
      }),
    );
  });

  test.each([
    ['0', '0'],
    ['-0', '0'],
    ['007', '7'],
    ['1.50', '1.5'],
    ['+1e3', '1000'],
    ['1.5E-3', '0.0015'],
    ['-.5', '-0.5'],
  ])('%s is returned as %s', (text, written) => {
    expect(writeDecimal(readDecimal(text))).toBe(written);
  });

  test.each(['', 'x', '1x', '0x10', 'NaN', 'Infinity', '1e126', '1e-131', '--1', '1'.repeat(39)])(
    '"%s" is refused',
    (text) => {
      expect(() => readDecimal(text)).toThrow();
    },
  );
});
