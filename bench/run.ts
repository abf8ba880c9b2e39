/** `npm run bench`: warm and cold ingest, and bundles, measured beside their rivals. */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, type } from 'node:os';
import { parseArgs } from 'node:util';
import { benchmarksPage } from '../tools/docs/benchmarks-page.ts';
import { type Machine, measure, type Results } from './measure.ts';

const help = `npm run bench -- [options]
Measures ingest beside its rivals; writes docs/benchmarks.json and docs/benchmarks.md. Some six minutes on two cores.

  --quick    less of everything, under a minute on two idle cores; prints, writes nothing
  --help     this text`;

const numbersFile = new URL('../docs/benchmarks.json', import.meta.url);
const pageFile = new URL('../docs/benchmarks.md', import.meta.url);

function describeMachine(effort: Machine['effort']): Machine {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const versionOf = (name: string) =>
    JSON.parse(read(`../node_modules/${name}/package.json`)).version;
  const libraries = ['@aws-sdk/client-eventbridge', '@middy/core', '@aws-lambda-powertools/logger'];
  return {
    effort,
    date: new Date().toISOString().slice(0, 10),
    system: `${availableParallelism()} cores of ${cpus()[0]?.model}, ${type()} ${process.arch}`,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    versions: [`Node ${process.version}`, ...libraries.map((name) => `${name} ${versionOf(name)}`)],
  };
}

/** Rounds to three decimals of a millisecond: further ones are not significant. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value;
}

/** Replaces a part of docs/benchmarks.json, and writes docs/benchmarks.md anew. */
export function writeResults(part: Partial<Results>): void {
  const before = JSON.parse(readFileSync(numbersFile, 'utf8'));
  const text = `${JSON.stringify({ ...before, ...part }, rounded, 1)}\n`;
  writeFileSync(numbersFile, text);
  writeFileSync(pageFile, benchmarksPage(JSON.parse(text)));
}

if (import.meta.main) {
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({ options: { quick: flag, help: flag } });
  if (values.help) {
    console.log(help);
  } else {
    const machine = describeMachine(values.quick ? 'quick' : 'full');
    const results = { machine, ...(await measure(machine.effort)) };
    if (!values.quick) {
      writeResults(results);
    }
    console.log(benchmarksPage(results));
  }
}
