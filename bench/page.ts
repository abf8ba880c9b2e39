import { markdownTable } from '../tools/docs/markdown.ts';
import { coldNames } from './cold.ts';
import { aboveEmpty, type Clock, cpuRatio, goalsOf } from './goals.ts';
import type { Measured } from './measure.ts';
import type { Sample } from './process/function.ts';
import { median, quantile } from './statistics.ts';
import { type Subject, type SubjectName, subjectNames, subjects } from './subjects.ts';
import type { WarmSamples } from './warm.ts';

/** Where and with what it was measured; `load`: programs that wanted a core in the minute before. */
export interface Machine {
  readonly effort: 'full' | 'quick';
  readonly date: string;
  readonly system: string;
  readonly load: number;
  readonly versions: readonly string[];
}

/** docs/benchmarks.json. */
export type Results = Measured & { readonly machine: Machine };

/** docs/benchmarks.md: what was measured, and how, and what each of those compared guarantees. */
export function benchmarksPage(results: Results): string {
  const { machine, bundles, warm, cold } = results;
  return `# Benchmarks

<!-- Made by npm run bench from what it measured (benchmarks.json). Do not edit: npm run bench -- --render -->

\`npm run bench\` measures all of this in one run; \`npm run bench -- --quick\` in less than a minute, with fewer
rounds. What is compared takes turns, each round beginning with another, and a ratio is the median of the
ratios of each round: whatever else the machine does happens to all. CPU time is that of all threads of the
process under test. Compare within a table, not between two runs. CI holds the same sizes and ratios
(\`npm run bench:gate\`), with limits looser than the goals where times are compared, to be steady on any machine.

Measured ${machine.date}${machine.effort === 'full' ? '' : ' (**a quick run: few rounds**)'} on ${machine.system}, with a load of ${machine.load} when it began; ${machine.versions.join(', ')}.
Nothing here was measured in an AWS account.

![CPU time of ingest, warm and cold, beside other ways to write it](images/benchmarks.svg)

## Goals

${markdownTable(
  ['', 'goal', 'measured', ''],
  goalsOf(results, 'wallMs').map(({ title, goal, measured }) => [
    ...[title, `at most ${goal}`, measured.toFixed(2)],
    measured <= goal ? 'met' : '**not met**',
  ]),
)}

## What is compared

The rivals are written from the documentation of what they use, each in one file ([bench/rivals/](../bench/rivals)),
and bundled with the options of our own functions, with the AWS SDK as it comes. Each makes the AWS calls
that its own design needs; those of (a) are taken from what ingest is seen to do in the same run. The run fails
when one of them refuses a webhook, publishes something else or makes other calls.

${markdownTable(
  ['', 'guarantees', 'does not', 'AWS calls for a webhook'],
  Object.entries<Subject>(subjects).map(([name, { title, guarantees, lacks }]) => [
    ...[title, guarantees ?? 'as above, without deduplication', lacks ?? 'as above'],
    warm.requests[name as SubjectName].map((request) => request.split(' ')[0]).join(', '),
  ]),
)}

## Warm ingest

Each bundle runs in processes of its own, under the local run's copy of Lambda's runtime. It receives API Gateway
events, each a signed webhook with ids of its own, one after the other, and talks plain HTTP to a stand-in for
AWS in another process, which answers at once. Before that come batches until they no longer get faster. Medians
with quartiles; **×** is the multiple of (a). No TLS anywhere, so each call is cheaper than in AWS, for all alike.

${markdownTable(
  ['for one webhook', ...warm.sizes.flatMap(({ kb }) => [`CPU µs, ${kb} KB`, 'elapsed µs'])],
  subjectNames.map((name) => [
    subjects[name].title,
    ...warm.sizes.flatMap(({ samples }) => [
      `${spread(samples[name], 'cpuMs', 1_000)}${timesFloor(name, samples)}`,
      spread(samples[name], 'wallMs', 1_000),
    ]),
  ]),
)}

## Cold ingest

From the start of a new Node process to the first answer (2 KB), the reading of the secret included where there is
one. The process does what Lambda's runtime does, and no more: no micro VM is started and no code is downloaded.
Files are in the page cache. Why there is no compile cache: [decisions/no-compile-cache.md](decisions/no-compile-cache.md).

${markdownTable(
  ['from the start of the process', 'first answer, ms', 'above empty', 'CPU ms', 'above empty'],
  coldNames.map((name) => [
    name === 'empty' ? 'an empty handler' : subjects[name].title,
    ...(['wallMs', 'cpuMs'] as const).flatMap((clock) => [
      spread(cold[name], clock),
      format(aboveEmpty(cold, name, clock)),
    ]),
  ]),
)}

## Bundles

Minified code without source maps: the stack's functions and the rivals.

${markdownTable(
  ['function', 'default stack', '`state=all`'],
  Object.entries(bundles.defaults).map(([name, bytes]) => [
    name in bundles.variant ? `\`${name}\`` : `bench/rivals/${name}.ts`,
    kilobytes(bytes),
    kilobytes(bundles.variant[name]),
  ]),
)}

The full pipeline on one machine, 500 webhooks a second: [local.md](local.md#how-fast-it-is).
`;
}

function timesFloor(name: SubjectName, samples: WarmSamples): string {
  const floor = name.endsWith('without deduplication') ? 'floor without deduplication' : 'floor';
  const ratio = cpuRatio(samples[name], samples[floor]);
  return name === floor || name === 'quick start' ? '' : `, **${ratio.toFixed(2)}×**`;
}

function spread(samples: readonly Sample[], clock: Clock, factor = 1): string {
  const values = samples.map((sample) => sample[clock] * factor);
  const [low, high] = [quantile(values, 0.25), quantile(values, 0.75)];
  return `${format(median(values))} (${format(low)}–${format(high)})`;
}

const format = (value: number) =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1);

const kilobytes = (bytes: number | undefined) =>
  bytes === undefined ? '–' : `${(bytes / 1_000).toFixed(1)} KB`;
