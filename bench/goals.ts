import type { ColdResult } from './cold.ts';
import type { Measured } from './measure.ts';
import type { Sample } from './process/function.ts';
import { pairedMedian } from './statistics.ts';
import type { SubjectName } from './subjects.ts';

/** A value that should be small: KB of 1,000 bytes, or a multiple of a rival's time. */
export interface Goal {
  readonly title: string;
  readonly measured: number;
  /** The goal of the project. */
  readonly goal: number;
  /** The limit in CI: looser for times, so that the result is stable on any machine. */
  readonly gate: number;
  /** What to do if the value is above the limit. */
  readonly advice: string;
}

/** One of the two times of a sample. */
export type Clock = 'wallMs' | 'cpuMs';

/**
 * The project's goals, with what was measured.
 *
 * @param coldClock elapsed time, which users feel; or CPU time, which other programs disturb less
 */
export function goalsOf({ bundles, warm, cold }: Measured, coldClock: Clock): readonly Goal[] {
  const { defaults, variant } = bundles;
  const kilobytes = (isMeant: (name: string) => boolean) => {
    const names = Object.keys(variant).filter(isMeant);
    const bytes = names.flatMap((name) => [defaults[name], variant[name]]) as number[];
    return (bytes.length > 0 ? Math.max(...bytes) : Number.NaN) / 1_000;
  };
  const [ingest, others] = [kilobytes((n) => n === 'ingest'), kilobytes((n) => n !== 'ingest')];
  const samples = warm.sizes.find(({ kb }) => kb === 2)?.samples;
  const times = (ours: SubjectName, rival: SubjectName) =>
    cpuRatio(samples?.[ours], samples?.[rival]);
  const plain = 'without deduplication' as const;
  const plainRatio = times(`ours ${plain}`, `usual stack ${plain}`);
  const above = (name: keyof ColdResult) => aboveEmpty(cold, name, coldClock);
  const coldRatio = above('ours') / above('quick start');
  const coldPlainRatio = above(`ours ${plain}`) / above('quick start');
  const clock = coldClock === 'cpuMs' ? 'CPU time' : 'time';
  const imports = 'look at what is in it with esbuild --analyze; import less, or types only';
  const profile = 'profile ingest with node --cpu-prof; do less for each webhook';
  const load = 'load less before the first answer: fewer clients, later imports, a smaller bundle';
  const row = (title: string, measured: number, goal: number, gate: number, advice: string) => ({
    ...{ title, measured, goal, gate, advice },
  });
  // The gate detects regressions, also on a busy machine: each limit of a time is the value measured on busy
  // machines, plus a tenth. docs/benchmarks.md says why a goal is not reached.
  return [
    row('Ingest bundle, KB', ingest, 480, 480, imports),
    row('Largest bundle of another function, KB', others, 380, 380, imports),
    row('Warm ingest, 2 KB: CPU time in that of (a)', times('ours', 'floor'), 1.35, 1.55, profile),
    row('… in that of (b)', times('ours', 'usual stack'), 1, 1.5, profile),
    row('… in that of (b), both without deduplication', plainRatio, 1, 1.5, profile),
    row('… in that of (c)', times('ours', 'powertools'), 0.66, 0.8, profile),
    row(`Cold ingest above an empty handler: ${clock} in that of (d)`, coldRatio, 1.25, 1.7, load),
    row('… in that of (d), without deduplication', coldPlainRatio, 1.25, 1.6, load),
    row('… in that of (c)', above('ours') / above('powertools'), 0.66, 0.8, load),
  ];
}

/** How much longer a cold start takes than that of an empty handler in the same round, in milliseconds. */
export function aboveEmpty(cold: ColdResult, name: keyof ColdResult, clock: Clock): number {
  return pairedMedian(pick(cold[name], clock), pick(cold.empty, clock), (a, b) => a - b);
}

/** CPU time as a multiple of that of another subject, round by round. */
export const cpuRatio = (own?: readonly Sample[], rival?: readonly Sample[]): number =>
  pairedMedian(pick(own, 'cpuMs'), pick(rival, 'cpuMs'), (a, b) => a / b);

const pick = (samples: readonly Sample[] = [], clock: Clock) =>
  samples.map((sample) => sample[clock]);
