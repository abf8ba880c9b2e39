/** `npm run bench`: warm and cold ingest, and bundles, measured beside their rivals. */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, type } from 'node:os';
import { parseArgs } from 'node:util';
import { measure } from './measure.ts';
import { benchmarksPage, type Machine } from './page.ts';

const help = `npm run bench -- [options]
Measures ingest beside its rivals; writes docs/benchmarks.json and docs/benchmarks.md. Some six minutes on two cores.

  --quick    less of everything, under a minute on two idle cores; prints, writes nothing
  --json     prints the numbers instead of the page
  --render   writes docs/benchmarks.md from docs/benchmarks.json, measures nothing
  --help     this text`;

const numbersFile = new URL('../docs/benchmarks.json', import.meta.url);
const pageFile = new URL('../docs/benchmarks.md', import.meta.url);

const flag = { type: 'boolean' } as const;
const { values } = parseArgs({ options: { quick: flag, json: flag, render: flag, help: flag } });
if (values.help) {
  console.log(help);
} else if (values.render) {
  writeFileSync(pageFile, benchmarksPage(JSON.parse(readFileSync(numbersFile, 'utf8'))));
} else {
  const machine = describeMachine(values.quick ? 'quick' : 'full');
  const text = `${JSON.stringify({ machine, ...(await measure(machine.effort)) }, rounded, 1)}\n`;
  const page = benchmarksPage(JSON.parse(text));
  if (!values.quick) {
    writeFileSync(numbersFile, text);
    writeFileSync(pageFile, page);
  }
  console.log(values.json ? text : page);
}

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
