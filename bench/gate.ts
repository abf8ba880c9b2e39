/**
 * `npm run bench:gate`: fails when a bundle, or a ratio of CPU times in one run, is above its limit, `gate`.
 * Limits of times are what busy machines have measured, and a tenth more. docs/benchmarks.md has the goals.
 */
import { type Measured, measure } from './measure.ts';
import type { Sample } from './process/function.ts';
import { pairedMedian } from './statistics.ts';
import { rivals, type SubjectName } from './subjects.ts';

/** Something that is to be small. */
export type Goal = ReturnType<typeof goalsOf>[number];

/** One line with the measured value, the limit, and what to do if it is above. NaN counts as above. */
export function gateLine({ title, measured, gate, goal, advice }: Goal): string {
  const text = `${title}: ${measured.toFixed(2)} (limit ${gate}, goal ${goal})`;
  return measured <= gate ? `ok    ${text}` : `ABOVE ${text}: ${advice}`;
}

/** One of the two times of a sample. */
export type Clock = 'wallMs' | 'cpuMs';

/**
 * The project's goals, with what was measured: KB of 1,000 bytes, or a multiple of what a rival takes. `goal`
 * is what the project wants, `gate` what CI refuses, `advice` what to do when it is above.
 *
 * @param coldClock elapsed time, which users feel; or CPU time, which other programs disturb less
 */
export function goalsOf({ bundles, warm, cold }: Measured, coldClock: Clock) {
  const others = Object.entries(bundles).filter(([n]) => n !== 'ingest' && !rivals.includes(n));
  const ingestKb = (bundles.ingest ?? Number.NaN) / 1_000;
  const othersKb = Math.max(...others.map(([, bytes]) => bytes)) / 1_000;
  const samples = warm.sizes.find(({ kb }) => kb === 2)?.samples;
  const times = (ours: SubjectName, rival: SubjectName) =>
    cpuRatio(samples?.[ours], samples?.[rival]);
  const plain = 'without deduplication';
  const plainRatio = times(`ours ${plain}`, `usual stack ${plain}`);
  const above = (name: keyof typeof cold) => aboveEmpty(cold, name, coldClock);
  const coldRatio = above('ours') / above('quick start');
  const coldPlainRatio = above(`ours ${plain}`) / above('quick start');
  const clock = coldClock === 'cpuMs' ? 'CPU time' : 'time';
  const imports = 'look at what is in it with esbuild --analyze; import less, or types only';
  const profile = 'profile ingest with node --cpu-prof; do less for each webhook';
  const load = 'load less before the first answer: fewer clients, later imports, a smaller bundle';
  const row = (title: string, measured: number, goal: number, gate: number, advice: string) => ({
    ...{ title, measured, goal, gate, advice },
  });
  return [
    row('Ingest bundle, KB', ingestKb, 480, 480, imports),
    row('Largest bundle of another function, KB', othersKb, 380, 380, imports),
    row('Warm ingest, 2 KB: CPU time relative to (a)', times('ours', 'floor'), 1.35, 1.4, profile),
    row('… relative to (b)', times('ours', 'usual stack'), 1, 1.2, profile),
    row('… relative to (b), both without deduplication', plainRatio, 1, 1.4, profile),
    row('… relative to (c)', times('ours', 'powertools'), 0.66, 0.8, profile),
    row(`Cold ingest above an empty handler: ${clock} relative to (d)`, coldRatio, 1.25, 1.6, load),
    row('… relative to (d), without deduplication', coldPlainRatio, 1.25, 1.5, load),
    row('… relative to (c)', above('ours') / above('powertools'), 0.66, 0.76, load),
  ];
}

/** What a cold start takes more than that of an empty handler in the same round, in milliseconds. */
export function aboveEmpty(cold: Measured['cold'], name: keyof typeof cold, clock: Clock): number {
  return pairedMedian(pick(cold[name], clock), pick(cold.empty, clock), (a, b) => a - b);
}

/** CPU time as a multiple of that of another subject, round by round. */
export const cpuRatio = (own?: readonly Sample[], rival?: readonly Sample[]): number =>
  pairedMedian(pick(own, 'cpuMs'), pick(rival, 'cpuMs'), (a, b) => a / b);

const pick = (samples: readonly Sample[] = [], clock: Clock) =>
  samples.map((sample) => sample[clock]);

if (import.meta.main) {
  const lines = goalsOf(await measure('gate'), 'cpuMs').map(gateLine);
  console.log(lines.join('\n'));
  console.log('Limits of times are looser than the goals of docs/benchmarks.md, to hold anywhere.');
  if (lines.some((line) => line.startsWith('ABOVE'))) {
    console.error('If a limit has to be raised, do it in bench/gate.ts and say why.');
    process.exitCode = 1;
  }
}
