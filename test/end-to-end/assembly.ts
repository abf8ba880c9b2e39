import { fileURLToPath } from 'node:url';
import { synthesize } from '@event-fanout/local-aws/assembly';
import { keep } from '../kept.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The project's cloud assembly with these settings, bundles included; shared by all tests. */
export const assembleProject = (context: Readonly<Record<string, unknown>> = {}): Promise<string> =>
  keep('assembly', context, (directory) =>
    // As the local run differs from the default: nobody waits for batches, and all state is kept.
    synthesize(root, directory, { stateBatchSeconds: 0, state: 'all', ...context }),
  );
