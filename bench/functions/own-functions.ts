import type { FunctionSource } from './bundle-functions.ts';

/** The project's own functions, as the stack bundles them. */
export const ownFunctions = {
  ingest: { entry: 'lambdas/ingest/ingest.ts' },
} as const satisfies Record<string, FunctionSource>;
