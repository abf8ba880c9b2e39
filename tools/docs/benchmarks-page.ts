import { aboveEmpty, type Clock, cpuRatio, goalsOf } from '../../bench/gate.ts';
import { coldNames, type Results, type WarmSamples } from '../../bench/measure.ts';
import type { Sample } from '../../bench/process/function.ts';
import { median, pairedMedian, quantile } from '../../bench/statistics.ts';
import {
  rivals,
  type Subject,
  type SubjectName,
  subjectNames,
  subjects,
} from '../../bench/subjects.ts';
import { markdownTable } from './markdown.ts';

/** docs/benchmarks.md: what was measured, and how, and what each of those compared guarantees. */
export function benchmarksPage(results: Results): string {
  const { machine, bundles, warm, cold, local } = results;
  return `# Benchmarks

<!-- Made from benchmarks.json, in which npm run bench keeps what it measured. Do not edit: npm run docs -->

This page compares the CPU time, the cold start and the bundle size of ingest with other implementations. \`npm run bench\`
measures all of it in one run; \`npm run bench -- --quick\` takes less than a minute, with fewer rounds. The
implementations take turns within a round, and each round begins with another one, so that other load of the machine
affects all of them. A ratio is the median of the ratios of all rounds. CPU time includes all threads of the measured
process. Compare values within a table, not between two runs. CI checks the same sizes and ratios
(\`npm run bench:gate\`); its limits for times are less strict than the goals, so that the result is the same on any machine.

Measured ${machine.date}${machine.effort === 'full' ? '' : ' (**a quick run: few rounds**)'} on ${machine.system}, with a load of ${machine.load} when it began; ${machine.versions.join(', ')}.
Nothing here was measured in an AWS account.

![CPU time of ingest, warm and cold, compared with other implementations](images/benchmarks.svg)

## Goals

${markdownTable(
  ['', 'goal', 'measured', ''],
  goalsOf(results, 'wallMs').map(({ title, goal, measured }) => [
    ...[title, `at most ${goal}`, measured.toFixed(2)],
    measured <= goal ? 'met' : '**not met**',
  ]),
)}

${notMet(results)}## Compared implementations

The other implementations are written from the documentation of their libraries, each in one file
([bench/rivals/](../bench/rivals)). They are bundled with the options of our consumers, with the unchanged AWS SDK. Each
makes the AWS calls that its design needs; (a) makes the calls that ingest makes in the same run. Like ingest, (b) and (c)
write a record before they publish and complete it afterwards, and publish a normalized event with the webhook in it. The run
fails if an implementation refuses a webhook, publishes another event, makes other calls, or makes a call that fails.

${markdownTable(
  ['', 'guarantees', 'does not', 'AWS calls for a webhook'],
  Object.entries<Subject>(subjects).map(([name, { title, guarantees, lacks }]) => [
    ...[title, guarantees ?? 'as above, without deduplication', lacks ?? 'as above'],
    warm.requests[name as SubjectName]?.map((request) => request.split(' ')[0]).join(', ') ??
      notMeasured,
  ]),
)}

## Warm ingest

Each bundle runs in separate processes, with the local run's implementation of Lambda's runtime. It receives API Gateway
events one after the other, each a signed webhook with different ids, and calls the local run's AWS endpoint in another
process over plain HTTP; DynamoDB stores the records. Before the measurement, batches run until they no longer get faster.
The table has medians with quartiles; **×** is the ratio to (a). Without TLS each call is cheaper than in AWS, for all
implementations.

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

The time from the start of a new Node process to the first response (2 KB), including reading the secret. The process only
does what Lambda's runtime does: no micro VM is started, and no code is downloaded. Files are in the page cache. For plain
HTTP the SDK imports \`node:http\`, and with it Node's fetch, which it does not do in AWS: every row but the first includes
this import, and none includes TLS. See also [why there is no compile cache](decisions/no-compile-cache.md).

${markdownTable(
  [
    'from the start of the process',
    'first response, ms',
    'above an empty handler',
    'CPU ms',
    'above an empty handler',
  ],
  coldNames.map((name) => [
    name === 'empty' ? 'an empty handler' : subjects[name].title,
    ...(['wallMs', 'cpuMs'] as const).flatMap((clock) => [
      spread(cold[name], clock),
      format(aboveEmpty(cold, name, clock)),
    ]),
  ]),
)}

## Bundles

The size of the minified code without source maps, of the stack's functions and of the other implementations.

${markdownTable(
  ['function', 'code'],
  Object.entries(bundles).map(([name, bytes]) => [
    rivals.includes(name) ? `bench/rivals/${name}.ts` : `\`${name}\``,
    `${(bytes / 1_000).toFixed(1)} KB`,
  ]),
)}

## The full pipeline on one machine

\`npm run bench:local\` sends signed webhooks of 2 KB to the local run: ingest, bus, archive, three queues and their
functions, each in a separate process, with all data stored on disk ([local.md](local.md#performance)).

${localTable(local)}
`;
}

function localTable(local: Results['local']): string {
  if (!local) {
    return 'Not measured yet.';
  }
  const rows = Object.entries(local.values).map(([name, value]) => [name, format(value)]);
  const rate = local.rate || 'as many as are answered';
  return markdownTable([`${local.date}, webhooks sent a second: ${rate}`, ''], rows);
}

/** Why goals are not met, for a run in which some are not. */
function notMet(results: Results): string {
  const isMet = goalsOf(results, 'wallMs').every(({ goal, measured }) => measured <= goal);
  if (isMet) {
    return '';
  }
  const samples = results.warm.sizes[0]?.samples as WarmSamples;
  const beyondFloor = (name: SubjectName) => {
    const floor = floorFor(name);
    const difference = (own: number, other: number) => (own - other) * 1_000;
    const cpuMs = (each: SubjectName) => samples[each].map((sample) => sample.cpuMs);
    return format(pairedMedian(cpuMs(name), cpuMs(floor), difference));
  };
  const cold = (name: keyof Results['cold']) => format(aboveEmpty(results.cold, name, 'cpuMs'));
  return `Why a goal is not met:

- **Warm, (b)**: in addition to the same AWS calls as (a) makes them, ingest takes ${beyondFloor('ours')} µs of CPU time and (b)
  ${beyondFloor('usual stack')} µs; without deduplication ${beyondFloor('ours without deduplication')} µs and ${beyondFloor('usual stack without deduplication')} µs. In this time ingest validates and normalizes every event
  type instead of one, finds unknown fields, and completes addresses, which (b) does not do.
- **Cold, (d)**: until its first response (d) makes two AWS calls with two clients; the default stack makes five with four
  clients, one of which looks up the addresses in the webhook. In CPU ms above an empty handler, (d) takes
  ${cold('quick start')}, the calls of (a) ${cold('floor')}, ingest ${cold('ours')}, and ingest without deduplication ${cold('ours without deduplication')}.
  [The decision on the SDK](decisions/sdk-and-middy.md) has the parts.

`;
}

const floorFor = (name: SubjectName) =>
  name.endsWith('without deduplication') ? 'floor without deduplication' : 'floor';

/** Stands for a subject that is newer than the last full run, in docs/benchmarks.json. */
const notMeasured = 'not measured yet';

function timesFloor(name: SubjectName, samples: WarmSamples): string {
  const floor = floorFor(name);
  const ratio = cpuRatio(samples[name], samples[floor]);
  return name === floor || name === 'quick start' || Number.isNaN(ratio)
    ? ''
    : `, **${ratio.toFixed(2)}×**`;
}

function spread(samples: readonly Sample[] | undefined, clock: Clock, factor = 1): string {
  if (!samples) {
    return notMeasured;
  }
  const values = samples.map((sample) => sample[clock] * factor);
  const [low, high] = [quantile(values, 0.25), quantile(values, 0.75)];
  return `${format(median(values))} (${format(low)}–${format(high)})`;
}

const format = (value: number) =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1);
