/**
 * Run by local-pipeline.ts in a process of its own: the local run. Arguments: assembly, data directory
 * (empty: in memory), and the file for the starts of those consumers that do not note them
 * themselves (empty: all do). Tells its parent the front door when it is ready.
 */
import { openSync, writeSync } from 'node:fs';
import { argv } from 'node:process';
import { type LocalObserver, startLocalRun } from '@event-fanout/local-aws';

const [, , assembly = '', dataDirectory = '', startedFile = ''] = argv;
const start = performance.now();
const run = await startLocalRun({
  assembly,
  ...(dataDirectory ? { dataDirectory } : {}),
  frontDoorPort: 0,
  awsPort: 0,
  environment: {},
  ...(startedFile ? { observer: noteStarts(startedFile) } : {}),
});
const readyMs = performance.now() - start;
process.send?.({ frontDoor: [...run.frontDoors.values()][0], readyMs });
process.on('message', () => {
  void run.close({ drainMs: 1_000 }).then(() => process.disconnect());
});

function noteStarts(path: string): LocalObserver {
  const file = openSync(path, 'a');
  return {
    finished({ records }, failed) {
      const now = Date.now();
      for (const { messageId, body } of records) {
        if (failed.has(messageId)) continue;
        writeSync(file, `${JSON.parse(body).detail.meta.id} ${now}\n`);
      }
    },
  };
}
