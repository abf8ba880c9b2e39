import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from '../../../cli/program.ts';
import { parseCount, parseMoment, parseRate } from '../../../cli/terminal/options.ts';
import { formatAge } from '../../../ops/duration.ts';

describe('a moment', () => {
  test('is a duration ago, now, or a time', () => {
    expect(parseMoment('2h', 10_000_000)).toBe(2_800_000);
    expect(parseMoment('now', 5)).toBe(5);
    expect(parseMoment('2026-01-31T12:00:00Z')).toBe(Date.UTC(2026, 0, 31, 12));
    expect(parseMoment('2026-01-31T12:00:00+02:00')).toBe(Date.UTC(2026, 0, 31, 10));
    expect(parseMoment('2026-01-31')).toBe(Date.UTC(2026, 0, 31));
  });

  test.each(['', 'yesterday', '2', '-2h', '2 h', '2026-13-01', '2026-01-31T12:00:00'])(
    'is not %j',
    (given) => {
      expect(() => parseMoment(given)).toThrow(/Give a time ago/);
    },
  );

  test('is parsed from the usual notations', () => {
    expect([0, 59_999, 60_000, 7_200_000, 200_000_000].map(formatAge)).toEqual([
      '0s',
      '59s',
      '1m',
      '2h',
      '2d',
    ]);
  });
});

describe('the default that the help shows', () => {
  const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];
  const defaults = all(createProgram()).flatMap((command) =>
    command.options
      .filter(({ defaultValue, negate }) => defaultValue !== undefined && !negate)
      .map((option) => [`${command.name()} ${option.flags}`, option] as const),
  );

  test.each(defaults)('is a value that the option takes: %s', (_, option) => {
    const shown = option.defaultValueDescription ?? String(option.defaultValue);
    const parsed = option.parseArg ? option.parseArg(shown, undefined) : shown;
    expect(parsed).toEqual(option.defaultValue);
  });
});

describe('numbers', () => {
  test('are accepted only when they are valid', () => {
    expect([parseCount('12'), parseRate('50/s'), parseRate('0.5')]).toEqual([12, 50, 0.5]);
    for (const wrong of ['0', '-1', '1.5', 'x', '', '1e9']) {
      expect(() => parseCount(wrong)).toThrow();
    }
    for (const wrong of ['0', '-1', 'x', '', '0.0']) {
      expect(() => parseRate(wrong)).toThrow();
    }
  });
});
