import type { WarmEffort } from './ingest/warm.ts';
import type { MemoryEffort } from './memory/measure-memory.ts';
import type { PipelineEffort } from './pipeline/measure-pipeline.ts';

/** How much of everything is measured. */
export interface Effort {
  readonly warm: WarmEffort;
  readonly cold: { readonly rounds: number };
  readonly init: { readonly rounds: number };
  readonly memory: MemoryEffort;
  readonly consumers: { readonly rounds: number; readonly runs: number; readonly warmUp: number };
  readonly normalization: { readonly rounds: number; readonly runs: number };
  readonly patterns: { readonly rounds: number; readonly runs: number };
  readonly pipeline: PipelineEffort;
}

/** `npm run bench`: under ten minutes on two cores. A bus has room for 298 consumers. */
export const fullEffort: Effort = {
  warm: { rounds: 6, roundsAt2Kb: 21, scale: 1, warmUp: 3_000, processes: 3 },
  cold: { rounds: 15 },
  init: { rounds: 7 },
  memory: { rounds: 9, warmUp: 3_000, scale: 1 },
  consumers: { rounds: 9, runs: 20, warmUp: 200 },
  normalization: { rounds: 9, runs: 1_000 },
  patterns: { rounds: 9, runs: 2_000 },
  pipeline: { consumers: [1, 10, 50, 298], webhooks: 1_000, connections: 8 },
};

/** `npm run bench -- --quick`: under a minute, for a first look. */
export const quickEffort: Effort = {
  warm: { rounds: 2, roundsAt2Kb: 5, scale: 0.2, warmUp: 300, processes: 1 },
  cold: { rounds: 1 },
  init: { rounds: 1 },
  memory: { rounds: 2, warmUp: 200, scale: 0.2 },
  consumers: { rounds: 3, runs: 10, warmUp: 30 },
  normalization: { rounds: 3, runs: 200 },
  patterns: { rounds: 3, runs: 300 },
  pipeline: { consumers: [10], webhooks: 100, connections: 8 },
};
