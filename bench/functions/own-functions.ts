import { defineAbsent } from '../../lib/bundling.ts';
import type { FunctionSource } from './bundle-functions.ts';

/** The project's own functions, as the stack bundles them, and a consumer that does nothing. */
export const ownFunctions = {
  ingest: { entry: 'lambdas/ingest/ingest.ts' },
  republish: { entry: 'lambdas/republish/republish.ts' },
  messages: { entry: 'lambdas/consumers/messages.ts', sdk: 'runtime' },
  groups: { entry: 'lambdas/consumers/groups.ts', sdk: 'runtime' },
  calls: { entry: 'lambdas/consumers/calls.ts', sdk: 'runtime' },
  labels: { entry: 'lambdas/consumers/labels.ts', sdk: 'runtime' },
  sessions: { entry: 'lambdas/consumers/sessions.ts', sdk: 'runtime' },
  note: {
    entry: 'bench/consumers/note.ts',
    sdk: 'runtime',
    bundling: { define: defineAbsent(['CLAIMS_TABLE']) },
  },
  'note-once': { entry: 'bench/consumers/note.ts', sdk: 'runtime' },
} as const satisfies Record<string, FunctionSource>;
