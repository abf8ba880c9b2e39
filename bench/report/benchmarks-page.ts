import type { Machine } from '../machine.ts';
import type { Results, Subject } from '../results.ts';
import { markdownTable } from './markdown-table.ts';
import { prose } from './prose.ts';
import { sections } from './sections.ts';
import { targetsOf } from './targets.ts';

/** docs/benchmarks.md: what was measured, with the way it was measured beside it. */
export function benchmarksPage({
  machine,
  ...results
}: Partial<Results> & Pick<Results, 'machine'>): string {
  const parts = Object.entries(prose)
    .filter(([subject]) => results[subject as Subject] !== undefined)
    .map(([subject, { title, text }]) => {
      const render = sections[subject as Subject] as (result: unknown) => string;
      return `## ${title}\n\n${text}\n\n${render(results[subject as Subject])}\n`;
    });
  return [head(machine), targets(results), ...parts].join('\n');
}

function head({
  date,
  effort,
  cpu,
  cores,
  memoryGb,
  system,
  node,
  load,
  versions,
}: Machine): string {
  const libraries = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `# Benchmarks

<!-- Made by npm run bench from what it measured (benchmarks.json). Do not edit: npm run bench -- --render -->

\`npm run bench\` measures all of this in one run of less than ten minutes; \`npm run bench -- --quick\` in
less than one, with fewer rounds. What is compared is measured in turns, each round in another order, so
that whatever else the machine does happens to all. Numbers are medians with the quartiles in brackets.
CPU time is that of all threads of the process under test: other programs change it little, but they
do, so compare within a table, not between two runs.

Measured ${date} (${effort}) on ${cores} cores of ${cpu}, ${memoryGb} GB, ${system}, Node ${node}, with a load of
${load} when it began; ${libraries.join(', ')}. Nothing here was measured in an AWS account.
${effort === 'full' ? '' : '\n**This was a quick run: few rounds, little warming up.** A full one says more.\n'}`;
}

function targets(results: Partial<Results>): string {
  const rows = targetsOf(results).map(({ title, goal, measured, isMet }) => [
    title,
    goal,
    measured,
    isMet ? 'met' : '**not met**',
  ]);
  if (rows.length === 0) return '';
  return `## What was to be reached\n\n${markdownTable(['', 'goal', 'measured', ''], rows)}\n`;
}
