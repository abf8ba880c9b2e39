import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleAll } from './bundles.ts';
import { type ColdResult, measureCold } from './cold.ts';
import { startAws } from './process/aws.ts';
import { measureWarm, type WarmEffort, type WarmResult } from './warm.ts';

/** The results of one run. */
export interface Measured {
  /** Bytes of each function, by its name: the default stack and the rivals; with `state=all`. */
  readonly bundles: Readonly<Record<'defaults' | 'variant', Readonly<Record<string, number>>>>;
  readonly warm: WarmResult;
  readonly cold: ColdResult;
}

/** How much is measured: about six minutes, less than one, and what CI can afford. */
const efforts = {
  full: { kilobytes: [2, 20], processes: 3, maxWarmUp: 20, rounds: 21, batch: 100, coldRounds: 21 },
  quick: { kilobytes: [2, 20], processes: 1, maxWarmUp: 6, rounds: 5, batch: 30, coldRounds: 3 },
  gate: { kilobytes: [2], processes: 2, maxWarmUp: 12, rounds: 11, batch: 100, coldRounds: 7 },
} as const satisfies Record<string, WarmEffort & { coldRounds: number }>;

/** Bundles, and measures warm and cold, in a temporary directory; prints its progress on stderr. */
export async function measure(effort: keyof typeof efforts): Promise<Measured> {
  const log = (part: string) => console.error(`${process.uptime().toFixed(0)} s: ${part}`);
  const directory = mkdtempSync(join(tmpdir(), 'fanout-bench-'));
  const aws = await startAws();
  try {
    log('bundles');
    const bundles = await bundleAll(directory);
    const bytesOf = (part: keyof typeof bundles) =>
      Object.fromEntries(Object.entries(bundles[part]).map(([name, { bytes }]) => [name, bytes]));
    log('warm ingest');
    const warm = await measureWarm(bundles, aws, efforts[effort]);
    log('cold ingest');
    const { coldRounds } = efforts[effort];
    const cold = await measureCold(bundles, aws.endpoint, warm.requests, coldRounds);
    return { bundles: { defaults: bytesOf('defaults'), variant: bytesOf('variant') }, warm, cold };
  } finally {
    aws.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
