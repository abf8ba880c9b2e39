import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toInstant } from '../../events/instant.ts';

const noon = '2026-01-01T12:00:00.000Z';

describe('a time in a payload', () => {
  test.each([
    ['seconds', 1767268800, noon],
    ['milliseconds', 1767268800000, noon],
    ['seconds with a fraction', 1767268800.25, '2026-01-01T12:00:00.250Z'],
    ['milliseconds with a fraction', 1767268800000.4, noon],
    ['seconds as text', '1767268800', noon],
    ['milliseconds as text', '1767268800000', noon],
    ['seconds with a fraction as text', '1767268800.5', '2026-01-01T12:00:00.500Z'],
    ['ISO-8601 in UTC', '2026-01-01T12:00:00Z', noon],
    ['ISO-8601 with an offset', '2026-01-01T13:30:00+01:30', noon],
    ['nanoseconds of Go', '2026-01-01T12:00:00.123456789Z', '2026-01-01T12:00:00.123Z'],
  ])('is read from %s', (_unit, value, instant) => {
    expect(toInstant(value)).toBe(instant);
  });

  test.each([
    ['zero, which senders write for a time they do not know', 0],
    ['a negative number', -1],
    ['a number beyond all years', 1e308],
    ['a year of five digits', 253402300800000],
    ['infinity', Number.POSITIVE_INFINITY],
    ['not a number', Number.NaN],
    ['words', 'some-timestamp-here'],
    ['an empty text', ''],
    ['Go’s zero time', '0001-01-01T00:00:00Z'],
    ['a day that does not exist', '2026-02-31T99:00:00Z'],
    ['text without end', '1'.repeat(100_000)],
    ['null', null],
    ['nothing', undefined],
    ['an object', { seconds: 1 }],
    ['true', true],
  ])('is absent for %s', (_what, value) => {
    expect(toInstant(value)).toBeUndefined();
  });

  test('is the same from seconds and from milliseconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200_000_000, max: 4_000_000_000 }), (seconds) => {
        const instant = new Date(seconds * 1000).toISOString();
        return [seconds, seconds * 1000, String(seconds)].every(
          (wire) => toInstant(wire) === instant,
        );
      }),
      { numRuns: 10_000 },
    );
  });
});
