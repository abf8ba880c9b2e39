import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { elementsOf, hasUnsafeNumber, memberOf } from '../../events/json.ts';

describe('JSON text', () => {
  test('is split into the elements of a list, with any white space and nesting', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (list, space) => {
        const elements = elementsOf(JSON.stringify(list, null, space));
        expect(elements.map((element) => JSON.parse(element))).toEqual(
          JSON.parse(JSON.stringify(list)),
        );
      }),
    );
  });

  test('has the member that JSON.parse returns, also if a name occurs twice', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.string(), fc.jsonValue(), fc.jsonValue(), (rest, name, one, other) => {
        const member = (value: unknown) => `${JSON.stringify(name)} : ${JSON.stringify(value)}`;
        const inner = JSON.stringify(rest).slice(1, -1);
        const text = `{${[member(one), inner, member(other)].filter(Boolean).join(' , ')} }`;
        expect(memberOf(text, name)).toBe(JSON.stringify(other));
        expect(memberOf(JSON.stringify(rest), 'a name that is not there')).toBeUndefined();
      }),
    );
  });

  test('has an unsafe number exactly if an integer is beyond 64 bits, or a number beyond the range of doubles', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.string(), (integer, other) => {
        const isUnsafe = BigInt.asIntN(64, integer) !== integer;
        const text = JSON.stringify([other, String(integer), { [String(integer)]: 'N' }]);
        expect(hasUnsafeNumber(text)).toBe(false);
        expect(hasUnsafeNumber(text.replace('"N"', String(integer)))).toBe(isUnsafe);
      }),
    );
    const placed = fc.tuple(
      fc.string(),
      fc.bigInt({ min: 1n << 63n, max: 1n << 70n }),
      fc.string(),
    );
    fc.assert(
      fc.property(placed, ([before, integer, after]) => {
        const [head, tail] = [JSON.stringify(before), JSON.stringify(after)];
        expect(hasUnsafeNumber(`[${head},${integer},${tail}]`)).toBe(true);
        expect(hasUnsafeNumber(`[${head},"${integer}",${tail}]`)).toBe(false);
      }),
    );
    expect(['1e400', '-1E+999', '1e-400', '1.5e300'].map(hasUnsafeNumber)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
