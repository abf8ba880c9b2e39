import { openSync, writeSync } from 'node:fs';
import { consume } from '../lambdas/runtime/consume.ts';

const file = openSync(process.env.STARTED_FILE ?? '/dev/null', 'a');

/** A consumer that appends to a file which event it has begun with, and when: one short write each. */
export const handler = consume((event) => {
  writeSync(file, `${event.meta.id} ${Date.now()}\n`);
});
