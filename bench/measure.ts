import { join } from 'node:path';
import { describeBundles } from './bundles/describe-bundles.ts';
import { measureConsumers } from './consumers/measure-consumers.ts';
import type { Effort } from './effort.ts';
import { bundleFunctions } from './functions/bundle-functions.ts';
import { ownFunctions } from './functions/own-functions.ts';
import { rivalFunctions } from './functions/rival-functions.ts';
import { measureColdIngest } from './ingest/cold.ts';
import { measureInitTimes } from './ingest/init-times.ts';
import { ingestSubjects } from './ingest/subjects.ts';
import { measureWarmIngest } from './ingest/warm.ts';
import { measureMemory } from './memory/measure-memory.ts';
import { measureNormalization } from './normalization/measure-normalization.ts';
import { measurePatterns } from './patterns/measure-patterns.ts';
import { measurePipeline } from './pipeline/measure-pipeline.ts';
import { type Stub, startStub } from './process/start-stub.ts';
import type { Results, Subject } from './results.ts';

/** The same code as `ingest`, with its sources apart, so that each one's start can be timed. */
const readable = {
  'ingest-not-minified': { ...ownFunctions.ingest, bundling: { minify: false } },
} as const;

/**
 * Measures what is asked for, one after the other.
 *
 * @param directory for builds
 * @param say told what is being measured
 */
export async function measure(
  subjects: readonly Subject[],
  effort: Effort,
  directory: string,
  say: (subject: string) => void,
): Promise<Partial<Results>> {
  let code: Code | undefined;
  const build = () => {
    code ??= bundleFunctions(
      { ...rivalFunctions, ...ownFunctions, ...readable },
      join(directory, 'code'),
    );
    return code;
  };
  const stub = await startStub();
  const measureOne = measurers(build, stub, effort, directory);
  try {
    const results: [Subject, unknown][] = [];
    for (const subject of subjects) {
      say(subject);
      results.push([subject, await measureOne[subject]()]);
    }
    return Object.fromEntries(results);
  } finally {
    stub.stop();
  }
}

type Code = ReturnType<
  typeof bundleFunctions<
    keyof typeof rivalFunctions | keyof typeof ownFunctions | keyof typeof readable
  >
>;

function measurers(
  build: () => Code,
  stub: Stub,
  effort: Effort,
  directory: string,
): { readonly [S in Subject]: () => Promise<Results[S]> } {
  return {
    bundles: async () => {
      const { 'ingest-not-minified': _, ...compared } = build();
      return describeBundles(compared);
    },
    warm: () => measureWarmIngest(build(), stub, effort.warm),
    cold: () => measureColdIngest(build(), stub, effort.cold),
    init: () => {
      const { 'ingest-not-minified': apart } = build();
      return measureInitTimes(apart, ingestSubjects().ours.environment, effort.init.rounds);
    },
    memory: () => measureMemory(build(), stub, effort.memory),
    consumers: () => measureConsumers(build(), stub, effort.consumers),
    normalization: () => measureNormalization(effort.normalization),
    patterns: () => measurePatterns(effort.patterns),
    pipeline: () => measurePipeline(effort.pipeline, join(directory, 'pipeline')),
  };
}

/** Everything, in the order in which it is measured. */
export const allSubjects: readonly Subject[] = [
  'bundles',
  'warm',
  'cold',
  'init',
  'memory',
  'consumers',
  'normalization',
  'patterns',
  'pipeline',
];
