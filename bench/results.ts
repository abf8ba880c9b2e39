import type { BundleDescription } from './bundles/describe-bundles.ts';
import type { ConsumersResult } from './consumers/measure-consumers.ts';
import type { ColdResult } from './ingest/cold.ts';
import type { InitResult } from './ingest/init-times.ts';
import type { WarmResult } from './ingest/warm.ts';
import type { Machine } from './machine.ts';
import type { MemoryResult } from './memory/measure-memory.ts';
import type { NormalizationResult } from './normalization/measure-normalization.ts';
import type { PatternsResult } from './patterns/measure-patterns.ts';
import type { PipelineRun } from './pipeline/measure-pipeline.ts';

/** Everything that one run of `npm run bench` has measured: docs/benchmarks.json. */
export interface Results {
  readonly machine: Machine;
  readonly bundles: Readonly<Record<string, BundleDescription>>;
  readonly warm: WarmResult;
  readonly cold: ColdResult;
  readonly init: InitResult;
  readonly memory: MemoryResult;
  readonly consumers: ConsumersResult;
  readonly normalization: NormalizationResult;
  readonly patterns: PatternsResult;
  readonly pipeline: readonly PipelineRun[];
}

/** One thing that is measured. */
export type Subject = Exclude<keyof Results, 'machine'>;
