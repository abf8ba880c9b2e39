import { openSync, writeSync } from 'node:fs';
import { consume } from '../lambdas/runtime/consume.ts';

const file = openSync(process.env.STARTED_FILE ?? '/dev/null', 'a');

/** A consumer that appends each event's id and start time to a file, in one short write. */
export const handler = consume((event) => {
  writeSync(file, `${event.meta.id} ${Date.now()}\n`);
});
