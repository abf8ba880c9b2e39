import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compilePattern } from '../src/compile-pattern.ts';
import { matches } from '../src/match-pattern.ts';

/** Whether a field `f` with this list, which may be JSON, matches an event whose `f` is given as JSON. */
const accepts = (list: unknown[] | string, json: string) =>
  matches(
    compilePattern(`{"f":${typeof list === 'string' ? list : JSON.stringify(list)}}`),
    `{"f":${json}}`,
  );

describe('exact values', () => {
  test('a string matches itself only, case and spaces included', () => {
    expect(accepts(['a b'], '"a b"')).toBe(true);
    expect(accepts(['a b'], '"a  b"')).toBe(false);
    expect(accepts(['a b'], '"A b"')).toBe(false);
    expect(accepts(['héllo 🚀'], '"h\\u00e9llo \\ud83d\\ude80"')).toBe(true);
  });

  test('null, true and numbers are not the strings that spell them', () => {
    expect(accepts([null], 'null')).toBe(true);
    expect(accepts([null], '"null"')).toBe(false);
    expect(accepts(['null'], 'null')).toBe(false);
    expect(accepts([true], '"true"')).toBe(false);
    expect(accepts([5], '"5"')).toBe(false);
    expect(accepts(['5'], '5')).toBe(false);
  });

  test('a number matches however it is written', () => {
    for (const written of ['300', '300.0', '3.0e2', '3E+2', '300.000000', '0.3e3']) {
      expect(accepts([300], written)).toBe(true);
    }
    expect(accepts([300], '300.000001')).toBe(false);
    expect(accepts([0], '-0.0')).toBe(true);
  });

  test('a number up to half a trillion is compared to its sixth decimal place', () => {
    expect(accepts([123456789012], '1.23456789012e11')).toBe(true);
    expect(accepts([500000000000], '5.0E11')).toBe(true);
    const above = { numeric: ['>', 499999999998] };
    expect(accepts([above], '499999999998.000001')).toBe(true);
    expect(accepts([above], '499999999998.000000')).toBe(false);
    expect(accepts([above], '500000000000')).toBe(true);
    expect(accepts([{ numeric: ['<', 0] }], '-499999999999.999999')).toBe(true);
    expect(accepts([{ 'anything-but': 400000000000 }], '4e11')).toBe(false);
  });

  test('a number beyond half a trillion, or with more decimal places, matches by its text only', () => {
    for (const text of ['500000000001', '-500000000001', '0.0000001']) {
      expect(accepts(`[${text}]`, text)).toBe(true);
      expect(accepts(`[${text}]`, `${text}e0`)).toBe(false);
      expect(accepts([{ numeric: ['>', 0] }], text)).toBe(false);
      expect(() => compilePattern(`{"f":[{"numeric":["=",${text}]}]}`)).toThrow(
        'Value must be between -5.0E11 and 5.0E11, inclusive, with up to 6 decimal places',
      );
    }
  });

  test('numbers are compared as numbers, whatever decimal places are written', () => {
    const millionths = fc.bigInt({ min: -500_000_000_000_000_000n, max: 500_000_000_000_000_000n });
    const decimal = (value: bigint) => {
      const digits = `${value < 0n ? -value : value}`.padStart(7, '0');
      return `${value < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
    };
    fc.assert(
      fc.property(millionths, millionths, fc.boolean(), (a, b, equal) => {
        const seen = equal ? a : b;
        const list = (operator: string) => `[{"numeric":["${operator}",${decimal(a)}]}]`;
        expect(accepts(list('='), decimal(seen))).toBe(seen === a);
        expect(accepts(list('<'), decimal(seen))).toBe(seen < a);
        expect(accepts(list('>='), decimal(seen))).toBe(seen >= a);
        expect(accepts(`[${decimal(a)}]`, `${seen}e-6`)).toBe(seen === a);
      }),
    );
  });

  test('an address matches in whichever form it is written', () => {
    expect(accepts(['::1'], '"0:0:0:0:0:0:0:1"')).toBe(true);
    expect(accepts(['2001:DB8::'], '"2001:0db8:0:0::"')).toBe(true);
    expect(accepts(['10.0.0.1'], '"10.0.0.01"')).toBe(true);
    expect(accepts(['10.0.0.1'], '"10.0.0.11"')).toBe(false);
  });
});

describe('operators', () => {
  test.each([
    [{ prefix: 'ab' }, '"abc"', '"xab"'],
    [{ prefix: { 'equals-ignore-case': 'aB' } }, '"Abc"', '"bab"'],
    [{ suffix: 'bc' }, '"abc"', '"bcd"'],
    [{ suffix: { 'equals-ignore-case': '.PNG' } }, '"a.pnG"', '"a.png "'],
    [{ 'equals-ignore-case': 'ÄB' }, '"äb"', '"ab"'],
    [{ wildcard: 'a*c' }, '"abbbc"', '"abbb"'],
    [{ wildcard: '*@g.us' }, '"1@g.us"', '"1@c.us"'],
    [{ wildcard: 'a\\*b' }, '"a*b"', '"axb"'],
    [{ 'anything-but': 'a' }, '"b"', '"a"'],
    [{ 'anything-but': ['a', 'b'] }, 'null', '"b"'],
    [{ 'anything-but': [1, 2] }, '"1"', '2.0'],
    [{ 'anything-but': { prefix: ['a', 'b'] } }, '"c"', '"bc"'],
    [{ 'anything-but': { suffix: '.jpg' } }, '12', '"a.jpg"'],
    [{ 'anything-but': { 'equals-ignore-case': ['a'] } }, '"b"', '"A"'],
    [{ 'anything-but': { wildcard: ['*/lib/*', 'x'] } }, '"/bin/"', '"/usr/lib/c"'],
    [{ numeric: ['>', 0, '<=', 5] }, '5.0', '0'],
    [{ numeric: ['=', -1.5] }, '-15e-1', '"-1.5"'],
    [{ cidr: '10.0.0.0/24' }, '"10.0.0.255"', '"10.0.1.0"'],
    [{ cidr: '2001:db8::/32' }, '"2001:db8:ffff::1"', '"2001:db9::"'],
    [{ exists: true }, 'null', '[]'],
    [{ exists: false }, '{}', '0'],
    [{ exactly: '10.0.0.1' }, '"10.0.0.1"', '"10.0.0.01"'],
  ])('%j accepts %s and refuses %s', (entry, good, bad) => {
    expect(accepts([entry], good)).toBe(true);
    expect(accepts([entry], bad)).toBe(false);
  });

  test('anything-but does not match a missing field', () => {
    expect(matches(compilePattern({ g: [{ 'anything-but': 'a' }] }), '{"f":1}')).toBe(false);
  });

  test('an operator for strings matches no number', () => {
    expect(accepts([{ prefix: '1' }, { suffix: '1' }, { wildcard: '*' }], '1')).toBe(false);
  });

  test('numeric compares up to six decimal places exactly', () => {
    expect(accepts([{ numeric: ['>', 4999999999.999998] }], '4999999999.999999')).toBe(true);
    expect(accepts([{ numeric: ['<', 0.3] }], '0.299999')).toBe(true);
    expect(accepts([{ numeric: ['>', 0] }], '0.0000001')).toBe(false);
    expect(accepts([{ numeric: ['>', 0] }], '500000000001')).toBe(false);
  });
});

describe('as in AWS', () => {
  test('equals-ignore-case never matches an emoji', () => {
    expect(accepts([{ 'equals-ignore-case': 'hi 🚀' }], '"hi 🚀"')).toBe(false);
    expect(accepts([{ 'equals-ignore-case': '🚀' }], '"??"')).toBe(true);
  });

  test('a capital ß is two letters', () => {
    expect(accepts([{ 'equals-ignore-case': 'straße' }], '"STRASSE"')).toBe(true);
    expect(accepts([{ 'equals-ignore-case': 'straße' }], '"strasse"')).toBe(false);
  });

  test('cidr 0.0.0.0/0 matches numbers, unless the list compares numbers', () => {
    expect(accepts([{ cidr: '0.0.0.0/0' }], '5')).toBe(true);
    expect(accepts([{ cidr: '0.0.0.0/0' }], '"5"')).toBe(false);
    expect(accepts([{ cidr: '0.0.0.0/0' }, { numeric: ['=', 6] }], '5')).toBe(false);
    expect(accepts([{ cidr: '0.0.0.0/0' }, { numeric: ['=', 6] }], '"9.9.9.9"')).toBe(true);
  });

  test('a field that must be absent is present when any element of an array has it', () => {
    const pattern = compilePattern({ list: { a: [{ exists: false }] } });
    expect(matches(pattern, '{"list":[{"b":1},{"b":2}]}')).toBe(true);
    expect(matches(pattern, '{"list":[{"b":1},{"a":2}]}')).toBe(false);
  });
});

describe('fields', () => {
  test('dots in names and nesting are the same', () => {
    expect(matches(compilePattern({ a: { 'b.c': ['x'] } }), '{"a.b":{"c":"x"}}')).toBe(true);
    expect(matches(compilePattern({ 'a.b': ['x'] }), '{"a":{"b":{"c":"x"}}}')).toBe(false);
  });

  test('names such as __proto__ and constructor are ordinary field names', () => {
    const hostile = '{"__proto__":{"a":"x"},"constructor":{"name":"y"},"toString":"z"}';
    expect(matches(compilePattern('{"__proto__":{"a":["x"]}}'), hostile)).toBe(true);
    expect(matches(compilePattern('{"constructor":{"name":["y"]}}'), hostile)).toBe(true);
    expect(matches(compilePattern('{"toString":["z"]}'), hostile)).toBe(true);
    expect(matches(compilePattern('{"valueOf":[{"exists":true}]}'), hostile)).toBe(false);
  });

  test('one element of an array of objects must satisfy all fields together', () => {
    const pattern = compilePattern({ list: { a: [1], b: [2] } });
    expect(matches(pattern, '{"list":[{"a":1,"b":3},{"a":3,"b":2}]}')).toBe(false);
    expect(matches(pattern, '{"list":[{"a":1,"b":3},{"a":1,"b":2}]}')).toBe(true);
    expect(matches(pattern, '{"list":[[{"a":1}],[{"b":2}]]}')).toBe(false);
    expect(matches(pattern, '{"list":[[{"a":1,"c":[]},{"a":1,"b":2}]]}')).toBe(true);
  });

  test('different arrays may each contribute an element', () => {
    const pattern = compilePattern({ p: { a: [1] }, q: { a: [2] } });
    expect(matches(pattern, '{"p":[{"a":0},{"a":1}],"q":[{"a":2},{"a":0}]}')).toBe(true);
  });

  test('a field may be absent in the element that the other fields chose', () => {
    const pattern = compilePattern({ list: { a: [1], b: [{ exists: false }] } });
    expect(matches(pattern, '{"list":[{"a":1},{"a":2,"b":2}]}')).toBe(true);
    expect(matches(pattern, '{"list":[{"a":1,"b":1},{"a":2}]}')).toBe(false);
  });

  test('plain values of one array do not exclude each other', () => {
    expect(matches(compilePattern({ a: ['x'] }), '{"a":["y",["x"]]}')).toBe(true);
  });
});

describe('$or', () => {
  const pattern = compilePattern({
    source: ['s'],
    detail: { $or: [{ a: [1] }, { $or: [{ b: [2] }, { c: [3], d: [4] }] }] },
  });
  test.each([
    ['{"source":"s","detail":{"a":1}}', true],
    ['{"source":"t","detail":{"a":1}}', false],
    ['{"source":"s","detail":{"b":2}}', true],
    ['{"source":"s","detail":{"c":3}}', false],
    ['{"source":"s","detail":{"c":3,"d":4}}', true],
  ])('%s: %s', (event, expected) => expect(matches(pattern, event)).toBe(expected));

  test('a list inside replaces the same field’s list before it', () => {
    const replaced = compilePattern({ a: [1], $or: [{ a: [2] }, { b: [3] }] });
    expect(matches(replaced, '{"a":2}')).toBe(true);
    expect(matches(replaced, '{"a":1,"b":0}')).toBe(false);
    expect(matches(replaced, '{"a":1,"b":3}')).toBe(true);
  });
});
