import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { benchmarksPage } from '../../bench/report/benchmarks-page.ts';
import { targetsOf } from '../../bench/report/targets.ts';
import type { Results } from '../../bench/results.ts';

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const results: Results = JSON.parse(read('benchmarks.json'));

describe('docs/benchmarks.md', () => {
  test('says what the numbers beside it say, and nothing by hand', () => {
    expect(read('benchmarks.md')).toBe(benchmarksPage(results));
  });

  test('has every subject in it', () => {
    expect(Object.keys(results).sort()).toEqual([
      'bundles',
      'cold',
      'consumers',
      'init',
      'machine',
      'memory',
      'normalization',
      'patterns',
      'pipeline',
      'warm',
    ]);
  });

  test('says of a goal that it is not met when it is not', () => {
    const heavy = {
      ...results,
      bundles: { ...results.bundles, ingest: { bytes: 250_000, libraries: {} } },
    };
    const ingest = targetsOf(heavy).find(({ title }) => title === 'Ingest bundle');
    expect(ingest).toMatchObject({ isMet: false, measured: '250.0 KB' });
    expect(benchmarksPage(heavy)).toContain(
      '| Ingest bundle | under 250.0 KB | 250.0 KB | **not met** |',
    );
  });

  test('says nothing of what was not measured', () => {
    const page = benchmarksPage({ machine: results.machine, patterns: results.patterns });
    expect(page).toContain('## Matching rules');
    expect(page).not.toContain('## Warm ingest');
    expect(page).not.toContain('What was to be reached');
  });
});
