/** `npm run bench`: warm and cold ingest, and bundles, measured beside their rivals. */
import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { benchmarksPage } from '../tools/docs/benchmarks-page.ts';
import { describeMachine, measure, type Results } from './measure.ts';

const numbersFile = new URL('../docs/benchmarks.json', import.meta.url);
const pageFile = new URL('../docs/benchmarks.md', import.meta.url);

/** Replaces a part of docs/benchmarks.json, and writes docs/benchmarks.md anew. */
export function writeResults(part: Partial<Results>): void {
  const results = { ...JSON.parse(readFileSync(numbersFile, 'utf8')), ...part };
  // Further decimals of a millisecond than three are not significant.
  const rounded = (_key: string, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value;
  const text = JSON.stringify(results, rounded, 1);
  writeFileSync(numbersFile, `${text}\n`);
  writeFileSync(pageFile, benchmarksPage(JSON.parse(text)));
}

if (import.meta.main) {
  const { quick } = new Command('npm run bench --')
    .description(
      'Measures ingest beside its rivals; writes docs/benchmarks.json and docs/benchmarks.md. Some four minutes on two cores.',
    )
    .option('--quick', 'less of everything, under a minute on two idle cores; writes nothing')
    .parse()
    .opts();
  const machine = describeMachine(quick ? 'quick' : 'full');
  const results: Results = { machine, ...(await measure(machine.effort)) };
  if (!quick) {
    writeResults(results);
  }
  console.log(benchmarksPage(results));
}
