import { describe, expect, test } from '@jest/globals';
import { compilePattern } from '../src/compile-pattern.ts';
import { InvalidEventPattern } from '../src/pattern-json.ts';

const refusal = (pattern: string | object): InvalidEventPattern => {
  try {
    compilePattern(pattern);
  } catch (error) {
    if (error instanceof InvalidEventPattern) {
      return error;
    }
    throw error;
  }
  throw new Error(`accepted ${JSON.stringify(pattern)}`);
};

describe('an invalid pattern', () => {
  test('is refused in the words of AWS, with line and column', () => {
    const pattern = '{"source": ["aws.health"], "detail": {}}';
    expect(refusal(pattern).message).toBe(
      `Event pattern is not valid. Reason: Empty objects are not allowed\n at [Source: (String)"${pattern}"; line: 1, column: 40]`,
    );
    expect(refusal(pattern).name).toBe('InvalidEventPatternException');
  });

  test('points behind the opening quote of a string that should be a list', () => {
    expect(
      refusal('{\n  "detail": {\n    "pipeline": {\n\n      "slug": "some"\n}}}').message,
    ).toMatch(/"slug" must be an object or an array\n.*line: 5, column: 16]$/s);
  });

  test.each([
    ['{', 'Unexpected end-of-input'],
    ['', 'Unexpected end-of-input'],
    ['[1]', 'Filter is not an object'],
    ['{"a":["b"]} x', 'Unexpected character'],
    ['{"a":[1,]}', "Unexpected character (']' (code 93))"],
    ['{"a":["\u0001"]}', 'Illegal character'],
    ['{"a":[01]}', 'Unexpected character'],
    ['{"a":[[1]]}', 'Match value must be String'],
    ['{"a":[{}]}', 'Match expression name not found'],
    ['{"a":[{"prefix":"x","suffix":"y"}]}', 'Only one key allowed'],
    ['{"a":[{"prefix":null}]}', 'prefix match pattern must be a string'],
    ['{"a":[{"anything-but":[]}]}', 'Inside anything but list'],
    ['{"a":[{"anything-but":[1,"1"]}]}', 'mixed type is not supported'],
    ['{"a":[{"anything-but":{"cidr":"10.0.0.0/8"}}]}', 'Unsupported anything-but pattern: cidr'],
    ['{"a":[{"anything-but":{"prefix":[]}}]}', 'Empty arrays are not allowed'],
    ['{"a":[{"numeric":["<",1,">",0]}]}', 'Too many elements'],
    ['{"a":[{"numeric":[">",5,"<",5]}]}', 'Bottom must be less than top'],
    ['{"a":[{"numeric":["=",600000000000]}]}', 'Value must be between'],
    ['{"a":[{"numeric":["=",0.0000001]}]}', 'Value must be between'],
    ['{"a":[{"wildcard":"a\\\\b"}]}', 'Invalid escape character at pos 2'],
    ['{"a":[{"wildcard":"a**"}]}', 'Consecutive wildcard characters at pos 2'],
    ['{"a":[{"cidr":"10.0.0.0/32"}]}', 'IPv4 mask bits must be < 32'],
    ['{"a":[{"cidr":"::/128"}]}', 'IPv6 mask bits must be < 128'],
    ['{"a":[{"exists":null}]}', 'exists match pattern must be either true or false'],
    ['{"$or":[{"a":[1]}]}', 'at least 2 Objects'],
    ['{"$or":{"a":[1]}}', 'It must be an Array'],
    ['{"$or":[{"a":[1]},["b"]]}', 'Only JSON object is allowed'],
    ['{"$or":[{"a":[1]},{"numeric":["b"]}]}', 'numeric is Ruler reserved fieldName'],
  ])('%s: %s', (pattern, reason) => expect(refusal(pattern).reason).toContain(reason));
});

describe('limits', () => {
  test('1,000 combinations of $or are accepted and more are not', () => {
    const either = (field: string, count: number) => ({
      [field]: { $or: Array.from({ length: count }, (_, index) => ({ x: [index] })) },
    });
    const thousand = { ...either('a', 10), ...either('b', 10), ...either('c', 10) };
    expect(compilePattern(thousand).branches).toHaveLength(1000);
    expect(refusal({ ...thousand, ...either('d', 2) }).reason).toContain('too complex');
  });

  test('wildcards that one value could begin to match in more than ten ways are refused', () => {
    const list = (...wildcards: string[]) => ({ a: wildcards.map((wildcard) => ({ wildcard })) });
    expect(refusal(list('*:*:*:*:*:event-bus/*')).reason).toContain('Rule is too complex');
    expect(
      refusal(list(...['bif', 'tiff', 'tif', 'svs'].map((end) => `*/sync/*.${end}`))).reason,
    ).toContain('fewer wildcard characters');
    expect(() => compilePattern(list('*/sync/*.bif', '*/sync/*.tif'))).not.toThrow();
    expect(() => compilePattern(list('/Users/*/dir/dir/dir/dir/dir/doc.txt'))).not.toThrow();
    const many = (count: number) => list(...Array.from({ length: count }, (_, i) => `${i}x*`));
    expect(() => compilePattern(many(10))).not.toThrow();
    expect(refusal(many(11)).reason).toContain('Rule is too complex');
  });
});
