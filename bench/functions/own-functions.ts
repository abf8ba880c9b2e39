import { defineAbsent } from '../../lib/bundling.ts';
import type { FunctionSource } from './bundle-functions.ts';

/** The project's own functions, as the stack bundles them, and a consumer that does nothing. */
export const ownFunctions = {
  ingest: { entry: 'lambdas/ingest/ingest.ts' },
  republish: { entry: 'lambdas/republish/republish.ts' },
  messages: { entry: 'lambdas/consumers/messages.ts' },
  groups: { entry: 'lambdas/consumers/groups.ts' },
  calls: { entry: 'lambdas/consumers/calls.ts' },
  labels: { entry: 'lambdas/consumers/labels.ts' },
  sessions: { entry: 'lambdas/consumers/sessions.ts' },
  note: {
    entry: 'bench/consumers/note.ts',
    bundling: { define: defineAbsent(['CLAIMS_TABLE']) },
  },
  'note-once': { entry: 'bench/consumers/note.ts' },
} as const satisfies Record<string, FunctionSource>;
