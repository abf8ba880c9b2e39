import type { IngestName } from '../ingest/subjects.ts';
import type { Results } from '../results.ts';
import { formatKilobytes } from './format-number.ts';

/** Something that was to be reached, and what was measured. */
export interface Target {
  readonly title: string;
  readonly goal: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** What the project wants to reach, with the numbers of this run. */
export function targetsOf(results: Partial<Results>): readonly Target[] {
  return [...warmTargets(results), ...coldTargets(results), ...sizeTargets(results)];
}

function warmTargets({ warm }: Partial<Results>): Target[] {
  const small = warm?.sizes.find(({ label }) => label === '2 KB')?.cpuUs;
  if (!small) return [];
  const ratio = (a: IngestName, b: IngestName) =>
    (small[a]?.median ?? Number.NaN) / (small[b]?.median ?? Number.NaN);
  return [
    atMost('Warm ingest at 2 KB, default stack, against the floor', ratio('ours', 'floor'), 2),
    atMost('… without the ledger, against the floor', ratio('ours, no ledger', 'floor'), 2),
    atLeast('The usual stack against it', ratio('usual stack', 'ours'), 2),
    atLeast('… without the ledger', ratio('usual stack', 'ours, no ledger'), 2),
    atLeast('Powertools against it', ratio('powertools', 'ours'), 4),
    atMost('With 20 consumers against 1', ratio('ours, 20 consumers', 'ours, 1 consumer'), 1.1),
  ];
}

function coldTargets({ cold }: Partial<Results>): Target[] {
  if (!cold) return [];
  const above = (name: 'ours' | 'powertools', what: 'answeredMs' | 'cpuMs') =>
    cold[name][what].median - cold.empty[what].median;
  const ms = above('ours', 'answeredMs');
  return [
    {
      title: 'Cold ingest above an empty handler, until the first answer',
      goal: 'at most 60 ms',
      measured: `${ms.toFixed(0)} ms (${above('ours', 'cpuMs').toFixed(0)} ms of CPU time)`,
      isMet: ms <= 60,
    },
    atLeast(
      'Powertools against it, above an empty handler',
      above('powertools', 'answeredMs') / ms,
      2,
    ),
  ];
}

function sizeTargets({ bundles }: Partial<Results>): Target[] {
  if (!bundles) return [];
  const consumers = ['messages', 'groups', 'calls', 'labels', 'sessions', 'note-once'];
  const largest = Math.max(...consumers.map((name) => bundles[name]?.bytes ?? Number.NaN));
  return [
    atMostBytes('Ingest bundle', bundles.ingest?.bytes ?? Number.NaN, 250_000),
    atMostBytes('A consumer that keeps nothing', bundles.note?.bytes ?? Number.NaN, 10_000),
    atMostBytes('Largest consumer that keeps state or claims', largest, 10_000),
  ];
}

const atMost = (title: string, measured: number, limit: number): Target => ({
  title,
  goal: `at most ${limit.toFixed(1)}×`,
  measured: `${measured.toFixed(2)}×`,
  isMet: measured <= limit,
});

const atLeast = (title: string, measured: number, limit: number): Target => ({
  title,
  goal: `at least ${limit.toFixed(1)}×`,
  measured: `${measured.toFixed(2)}×`,
  isMet: measured >= limit,
});

const atMostBytes = (title: string, bytes: number, limit: number): Target => ({
  title,
  goal: `under ${formatKilobytes(limit)}`,
  measured: formatKilobytes(bytes),
  isMet: bytes < limit,
});
