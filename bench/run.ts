/** `npm run bench`: everything that is said about speed and size, measured in one run. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fullEffort, quickEffort } from './effort.ts';
import { inTemporaryDirectory } from './in-temporary-directory.ts';
import { describeMachine } from './machine.ts';
import { allSubjects, measure } from './measure.ts';
import { benchmarksPage } from './report/benchmarks-page.ts';
import type { Results, Subject } from './results.ts';

const help = `npm run bench -- [options]: measures all that is said about speed and size, and writes it to
docs/benchmarks.json and docs/benchmarks.md. Takes some seven minutes on two cores.

  --quick          less of everything, under a minute; printed, and written only with --write
  --write          writes what --quick has measured
  --only a,b       these subjects; printed, not written: ${allSubjects.join(', ')}
  --json           prints numbers instead of the page
  --render         writes docs/benchmarks.md anew from docs/benchmarks.json, and measures nothing
  --help           this text`;

const { values } = readArguments();
const numbersFile = new URL('../docs/benchmarks.json', import.meta.url);
const pageFile = new URL('../docs/benchmarks.md', import.meta.url);

if (values.help) console.log(help);
else if (values.render) {
  const results: Results = JSON.parse(readFileSync(numbersFile, 'utf8'));
  writeFileSync(pageFile, benchmarksPage(results));
} else {
  const results = await run(values.only ? readSubjects(values.only) : allSubjects);
  if (!values.only && (!values.quick || values.write)) {
    writeFileSync(numbersFile, `${JSON.stringify(results, rounded, 2)}\n`);
    writeFileSync(pageFile, benchmarksPage(JSON.parse(readFileSync(numbersFile, 'utf8'))));
  }
  console.log(values.json ? JSON.stringify(results, rounded, 2) : benchmarksPage(results));
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        only: { type: 'string' },
        json: { type: 'boolean', default: false },
        render: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`);
    process.exit(2);
  }
}

async function run(subjects: readonly Subject[]) {
  const begun = performance.now();
  const say = (subject: string) =>
    console.error(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${subject}`);
  const machine = describeMachine(values.quick ? 'quick' : 'full');
  const effort = values.quick ? quickEffort : fullEffort;
  const measured = await inTemporaryDirectory((directory) =>
    measure(subjects, effort, directory, say),
  );
  say('done');
  return { machine, ...measured };
}

function readSubjects(text: string): readonly Subject[] {
  const names = text.split(',');
  const unknown = names.filter((name) => !allSubjects.includes(name as Subject));
  if (unknown.length > 0) {
    console.error(
      `--only: nothing is called ${unknown.join(', ')}. Known: ${allSubjects.join(', ')}.`,
    );
    process.exit(2);
  }
  return names as Subject[];
}

/** Four digits say all that the spread lets them say. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value)
    ? Number(value.toPrecision(4))
    : value;
}
