import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quotas } from '../../bench/scaling/quotas.ts';
import { renewTables } from '../../bench/scaling/renew-tables.ts';
import { simulate } from '../../bench/scaling/simulate.ts';

test('the tables of docs/scaling.md are fresh', () => {
  const page = readFileSync(new URL('../../docs/scaling.md', import.meta.url), 'utf8');
  expect(renewTables(page)).toBe(page);
});

describe('the simulation', () => {
  test('whatever comes, each webhook is handled or was given up by its sender', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 40 }),
        (rates) => {
          const { sent, handled, lost } = simulate(
            (second) => rates[second] ?? 0,
            rates.length,
            quotas,
          );
          expect(Math.abs(sent - handled - lost)).toBeLessThan(1);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('below every quota nothing is refused, and above the front door’s some of it is', () => {
    expect(simulate(() => 1_000, 60, quotas)).toMatchObject({
      refused: 0,
      lost: 0,
      mostSpilled: 0,
    });
    expect(simulate(() => 100_000, 60, quotas).lost).toBeGreaterThan(0);
  });

  test('what the bus refuses is spilled, and handled later', () => {
    const slowBus = { ...quotas, putEvents: 600 };
    const { mostSpilled, lost, sent, handled } = simulate(
      (second) => (second < 10 ? 1_000 : 100),
      60,
      slowBus,
    );
    expect(mostSpilled).toBeGreaterThan(3_000);
    expect([lost, Math.round(sent - handled)]).toEqual([0, 0]);
  });
});
