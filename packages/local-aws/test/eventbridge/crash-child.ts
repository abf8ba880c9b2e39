/**
 * Run by crash.thorough.ts in a separate process: publishes events to two queues until it is
 * killed, and prints the number of each event that was accepted.
 */
import { writeSync } from 'node:fs';
import { argv } from 'node:process';
import { systemClock } from '../../src/clock.ts';
import { openStore } from '../../src/store.ts';
import { newPipeline } from './pipeline.ts';

const pipeline = await newPipeline(openStore(argv[2]), systemClock());
for (let n = 0; ; n += 1) {
  await pipeline.put(n);
  // Synchronous, so that every printed event was accepted, and few accepted events are not printed.
  writeSync(1, `${n}\n`);
  if (n % 10 === 0) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
