import { bundleFunctions } from '../functions/bundle-functions.ts';
import { ownFunctions } from '../functions/own-functions.ts';
import { rivalFunctions } from '../functions/rival-functions.ts';
import { measureColdIngest } from '../ingest/cold.ts';
import { measureWarmIngest } from '../ingest/warm.ts';
import { measurePatterns } from '../patterns/measure-patterns.ts';
import { startStub } from '../process/start-stub.ts';
import type { LimitName } from './limits.ts';

/**
 * Measures everything that has a limit.
 *
 * @param directory for builds
 */
export async function measureLimits(
  directory: string,
): Promise<Readonly<Record<LimitName, number>>> {
  const { empty, floor } = rivalFunctions;
  const code = bundleFunctions({ empty, floor, ...ownFunctions }, directory);
  const { ingest, republish, empty: _, floor: __, ...consumers } = code;
  const stub = await startStub();
  try {
    const cold = await measureColdIngest(code, stub, { rounds: 1 }, ['empty', 'ours']);
    const effort = {
      ...{ rounds: 0, roundsAt2Kb: 7, scale: 0.5, warmUp: 600, processes: 1 },
      sizes: ['2 KB'],
    } as const;
    const names = ['floor', 'ours', 'ours, no ledger'] as const;
    const { sizes } = await measureWarmIngest(code, stub, effort, names);
    const rules = await measurePatterns({ rounds: 7, runs: 500 });
    const cpuUs = sizes[0]?.cpuUs;
    const warm = (name: (typeof names)[number]) => cpuUs?.[name]?.median ?? Number.NaN;
    return {
      ingestBytes: ingest.bytes,
      republishBytes: republish.bytes,
      consumerBytes: Math.max(...Object.values(consumers).map(({ bytes }) => bytes)),
      coldModules: cold.ours.nodeModules - cold.empty.nodeModules,
      warmRatio: warm('ours') / warm('floor'),
      warmRatioWithoutLedger: warm('ours, no ledger') / warm('floor'),
      ruleRatio: rules['300'].median / rules['1'].median,
    };
  } finally {
    stub.stop();
  }
}
