/**
 * Run by local-pipeline.ts in a process of its own: the local run, durable. Arguments: assembly and
 * data directory. Tells its parent the front door, when consumers have begun with which events, and
 * its memory.
 */
import { argv } from 'node:process';
import { startLocalRun } from '../../local/local-run.ts';

const [, , assembly = '', dataDirectory = ''] = argv;
const start = performance.now();
let begun: [id: string, time: number][] = [];
const run = await startLocalRun({
  assembly,
  dataDirectory,
  frontDoorPort: 0,
  awsPort: 0,
  environment: {},
  observer: {
    logged({ text }) {
      if (!text.includes('"handled"')) return;
      const { timestamp, message } = JSON.parse(text);
      begun.push([message.id, Date.parse(timestamp)]);
    },
  },
});
const readyMs = performance.now() - start;
process.send?.({ frontDoor: [...run.frontDoors.values()][0], readyMs });
const telling = setInterval(() => {
  const told = begun;
  begun = [];
  const { user, system } = process.cpuUsage();
  const memoryMb = process.memoryUsage().rss / 2 ** 20;
  process.send?.({ begun: told, memoryMb, cpuMs: (user + system) / 1_000 });
}, 100);
process.on('message', () => {
  clearInterval(telling);
  void run.close({ drainMs: 1_000 }).then(() => process.disconnect());
});
