import { aboveEmpty, type Clock, cpuRatio, goalsOf } from '../../bench/gate.ts';
import {
  coldNames,
  type LocalResults,
  type Results,
  type WarmSamples,
} from '../../bench/measure.ts';
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

${notMet(results)}## What is compared

The rivals are written from the documentation of what they use, each in one file ([bench/rivals/](../bench/rivals)),
and bundled with the options of our consumers, with the AWS SDK as it comes. Each makes the AWS calls
that its own design needs; those of (a) are compared with what ingest is seen to do in the same run. (b) and (c) write
one record before they publish and complete it afterwards, as ingest does, and publish a normalized event with the
webhook in it. The run fails when one of them refuses a webhook, publishes something else, makes other calls or
makes one that fails.

${markdownTable(
  ['', 'guarantees', 'does not', 'AWS calls for a webhook'],
  Object.entries<Subject>(subjects).map(([name, { title, guarantees, lacks }]) => [
    ...[title, guarantees ?? 'as above, without deduplication', lacks ?? 'as above'],
    warm.requests[name as SubjectName]?.map((request) => request.split(' ')[0]).join(', ') ??
      notMeasured,
  ]),
)}

## Warm ingest

Each bundle runs in processes of its own, under the local run's copy of Lambda's runtime. It receives API Gateway
events, each a signed webhook with ids of its own, one after the other, and talks plain HTTP to the local run's AWS
endpoint in another process, whose DynamoDB keeps what is written. Before that come batches until they no longer get faster. Medians
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

From the start of a new Node process to the first answer (2 KB), the reading of the secret included. The process
does what Lambda's runtime does, and no more: no micro VM is started and no code is downloaded. Files are in the
page cache. For plain HTTP the SDK imports \`node:http\`, and with it Node's fetch, which it does not do in AWS; that is in
every row but the first, and TLS in none. Why there is no compile cache: [decisions/no-compile-cache.md](decisions/no-compile-cache.md).

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
  ['function', 'code'],
  Object.entries(bundles).map(([name, bytes]) => [
    rivals.includes(name) ? `bench/rivals/${name}.ts` : `\`${name}\``,
    `${(bytes / 1_000).toFixed(1)} KB`,
  ]),
)}

## The full pipeline on one machine

\`npm run bench:local\` sends signed webhooks of 2 KB to the local run: ingest, bus, archive, three queues and their
functions, each in a process of its own, with everything kept on disk ([local.md](local.md#how-fast-it-is)).

${localTable(local)}
`;
}

function localTable(local: LocalResults | undefined): string {
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

- **Warm, (b)**: both stacks make the same number of AWS calls, and these are most of the time. Beyond its calls as
  (a) makes them, ingest takes ${beyondFloor('ours')} µs of CPU time and (b) ${beyondFloor('usual stack')} µs; without deduplication ${beyondFloor('ours without deduplication')} µs and
  ${beyondFloor('usual stack without deduplication')} µs. For that, ingest validates and normalizes each event type rather than one, looks for fields that it
  does not know, compares facts rather than webhook ids, and sets timeouts for each AWS call.
- **Cold, (d)**: until its first answer (d) makes two AWS calls with two clients; the default stack makes six with
  four, two of which store the addresses that the webhook names. In CPU ms above an empty handler (d)
  takes ${cold('quick start')}, the calls of (a) ${cold('floor')}, ingest ${cold('ours')}, and ingest without deduplication ${cold('ours without deduplication')}. By parts:
  [decisions/sdk-and-middy.md](decisions/sdk-and-middy.md).

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
