import type { BundledCode } from '../functions/bundle-functions.ts';
import { measureColdIngest } from '../ingest/cold.ts';
import { ingestSubjects } from '../ingest/subjects.ts';
import { webhookWork } from '../ingest/warm.ts';
import { startFunction } from '../process/start-function.ts';
import type { Stub } from '../process/start-stub.ts';
import { summarize } from '../statistics/summary.ts';
import { largeWebhook } from '../webhooks/webhook-of-size.ts';
import type { MeasuredWork } from './memory-curve.ts';

/** How much is measured. */
export interface MemoryEffort {
  readonly rounds: number;
  readonly warmUp: number;
  /** Multiplies the webhooks of each size. */
  readonly scale: number;
}

/** Body sizes in bytes, and how many webhooks of each; the last is the largest that ingest takes. */
const bodies = [
  { label: '2 KB', bytes: 2_048, runs: 500 },
  { label: '200 KB', bytes: 204_800, runs: 50 },
  { label: '1 MB', bytes: 1_000_000, runs: 20 },
  { label: '5 MB, the most by default', bytes: 4_990_000, runs: 10 },
] as const;

/** What ingest needs of a machine. */
export interface MemoryResult extends MeasuredWork {
  /** The most that a process had in memory while it took in webhooks of one size, in MB of 1,024². */
  readonly peakMb: Readonly<Record<(typeof bodies)[number]['label'], number>>;
}

/** Measures the memory that ingest needs for bodies of each size, and the CPU time that a memory size divides. */
export async function measureMemory(
  code: Readonly<Record<'ingest' | 'empty', BundledCode>>,
  stub: Stub,
  { rounds, warmUp, scale }: MemoryEffort,
): Promise<MemoryResult> {
  const { environment } = ingestSubjects().ours;
  const props = { directory: code.ingest.directory, endpoint: stub.endpoint, environment };
  const peaks: [string, number][] = [];
  const warm: number[] = [];
  for (const { label, bytes, runs } of bodies) {
    const started = await startFunction(props);
    try {
      const work = webhookWork(bytes, largeWebhook(bytes));
      // One at a time: what has been sent and waits would be in the process's memory too.
      for (let run = 0; run < runs * scale; run += 1) await started.measure(work, 1);
      peaks.push([label, await started.peakMb()]);
      if (bytes === 2_048) {
        await started.measure(work, warmUp);
        for (let round = 0; round < rounds; round += 1) warm.push(await started.measure(work, 150));
      }
    } finally {
      started.stop();
    }
  }
  const { ours } = await measureColdIngest({ ...code }, stub, { rounds }, ['ours']);
  return {
    peakMb: Object.fromEntries(peaks) as MemoryResult['peakMb'],
    warmCpuMs: summarize(warm).median / 1_000,
    coldCpuMs: ours.cpuMs.median,
  };
}
