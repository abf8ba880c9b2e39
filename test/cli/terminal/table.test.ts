import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatTable, terminalWidth, wrap } from '../../../cli/terminal/table.ts';

const lines = (text: string) => stripVTControlCharacters(text).split('\n');

describe('a table', () => {
  test('fits the terminal: the widest texts are cut, numbers never', () => {
    const rows = [
      ['messages', 'a very long text that nobody needs to read to its end', 1_234_567],
      ['calls', 'short', 1],
    ];
    const [, first, second] = lines(formatTable(['queue', 'what', 'count'], rows, 40));
    expect(first).toBe('messages  a very long text tha…  1234567');
    expect(second).toBe('calls     short                        1');
  });

  test('is never wider than the terminal, unless its columns would vanish', () => {
    const cell = fc.stringMatching(/^[a-z ]{0,60}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, fc.nat()), { minLength: 1 }), (rows) => {
        for (const line of lines(formatTable(['one', 'two', 'three'], rows, 60))) {
          expect(line.length).toBeLessThanOrEqual(60);
        }
      }),
    );
  });

  test('has the full text when it goes to a pipe', () => {
    expect(terminalWidth({ isTTY: false, columns: 0 })).toBe(Number.POSITIVE_INFINITY);
    expect(terminalWidth({ isTTY: true, columns: 100 })).toBe(100);
    const text = 'x'.repeat(200);
    expect(lines(formatTable(['a'], [[text]]))[1]).toBe(text);
  });
});

test('a long line is broken at spaces, and continues with an indent', () => {
  expect(wrap('error  one two three four', 7, 16)).toBe(
    'error  one two\n       three\n       four',
  );
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z ]{0,200}$/),
      fc.integer({ min: 20, max: 100 }),
      (text, width) => {
        expect(wrap(text, 2, width).replace(/\n +/g, ' ')).toBe(text);
      },
    ),
  );
});
