import { FlowCounter } from '../../../console/server/journal/flow-figures.ts';
import { Journal } from '../../../console/server/journal/journal.ts';
import type { ConsoleSource } from '../../../console/server/source/console-source.ts';
import type { AwsAccess } from '../../../ops/aws/connect.ts';

/** Something to look at in which nothing happens; for what the server does before it asks AWS. */
export function quietSource(mode: ConsoleSource['mode'], capacity?: number): ConsoleSource {
  return {
    ...{ mode, stack: undefined, caveat: undefined, queuesEveryMs: 1_000 },
    journal: new Journal(capacity),
    flow: new FlowCounter(),
    access: () => Promise.reject<AwsAccess>(new Error('There is no AWS here.')),
    readers: async () => new Map(),
    readQueues: async () => new Map(),
    watch: async () => {},
    unwatch: async () => {},
    close: async () => {},
  };
}
