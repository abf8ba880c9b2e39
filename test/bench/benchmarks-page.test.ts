import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { gateLine, goalsOf } from '../../bench/gate.ts';
import type { Results } from '../../bench/measure.ts';
import { benchmarksPage } from '../../tools/docs/benchmarks-page.ts';

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const results: Results = JSON.parse(read('benchmarks.json'));

/** The same results with an ingest that has grown, and takes much more time. */
const { samples } = results.warm.sizes[0] as Results['warm']['sizes'][number];
const slower = (all: readonly { wallMs: number; cpuMs: number }[]) =>
  all.map(({ wallMs, cpuMs }) => ({ wallMs: wallMs * 1_000, cpuMs: cpuMs * 1_000 }));
const heavy: Results = {
  ...results,
  bundles: { ...results.bundles, ingest: 480_001 },
  warm: {
    ...results.warm,
    sizes: [
      {
        kb: 2,
        samples: {
          ...samples,
          ours: slower(samples.ours),
          'ours without deduplication': slower(samples['ours without deduplication']),
        },
      },
    ],
  },
  cold: {
    ...results.cold,
    ours: slower(results.cold.ours),
    'ours without deduplication': slower(results.cold['ours without deduplication']),
  },
};

describe('docs/benchmarks.md', () => {
  test('is generated from the recorded numbers', () => {
    expect(read('benchmarks.md')).toBe(benchmarksPage(results));
  });

  test('says of a goal that it is not met when it is not', () => {
    expect(benchmarksPage(heavy)).toContain(
      '| Ingest bundle, KB | at most 480 | 480.00 | **not met** |',
    );
  });

  test('says why, where a goal is not met', () => {
    expect(benchmarksPage(heavy)).toContain('Why a goal is not met:');
  });

  test('says for each subject what it guarantees and which calls it makes', () => {
    const [, table = ''] = benchmarksPage(results).split('## Compared implementations');
    const rows = table.split('## Warm')[0]?.match(/^\| .*\|$/gm) ?? [];
    expect(rows.length).toBeGreaterThan(8);
    for (const row of rows) {
      expect(row.split(' | ').filter((cell) => cell.trim() === '')).toEqual([]);
    }
    expect(results.warm.requests.floor).toEqual(results.warm.requests.ours);
  });
});

describe('the gate', () => {
  const heavyGoals = goalsOf(heavy, 'cpuMs');

  test('refuses an ingest that is larger or slower than each limit', () => {
    const met = heavyGoals.filter((goal) => gateLine(goal).startsWith('ok'));
    expect(met.map(({ title }) => title)).toEqual(['Largest bundle of another function, KB']);
  });

  test('says the number, the limit and what to do', () => {
    expect(gateLine(heavyGoals[0] as (typeof heavyGoals)[number])).toBe(
      'ABOVE Ingest bundle, KB: 480.00 (limit 480, goal 480): look at what is in it with esbuild --analyze; import less, or types only',
    );
  });

  test('accepts what is exactly at its limit, and refuses what could not be measured', () => {
    const goal = { title: 'Size', goal: 1, gate: 2, advice: 'shrink it' };
    expect(gateLine({ ...goal, measured: 2 })).toBe('ok    Size: 2.00 (limit 2, goal 1)');
    expect(gateLine({ ...goal, measured: Number.NaN })).toContain('ABOVE Size');
  });

  test('no limit is stricter than its goal, and for sizes both are equal', () => {
    for (const { title, goal, gate } of heavyGoals) {
      expect(gate).toBeGreaterThanOrEqual(goal);
      if (title.endsWith('KB')) {
        expect(gate).toBe(goal);
      }
    }
  });
});
