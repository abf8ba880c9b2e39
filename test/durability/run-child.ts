/**
 * Run by rounds.ts in a process of its own, to be killed: a local run on the data of the one before.
 * Arguments: assembly and data directory. Prints the front door once everything is there.
 */
import { argv } from 'node:process';
import { startLocalRun } from '@event-fanout/local-aws';
import { secretEnvironment } from '../end-to-end/secrets.ts';

const [, , assembly = '', dataDirectory = ''] = argv;
// Should the process that started this one end, this one ends too.
process.stdin.on('end', () => process.exit(1)).resume();
const run = await startLocalRun({
  assembly,
  dataDirectory,
  ingressPort: 0,
  awsPort: 0,
  environment: secretEnvironment,
});
console.log([...run.ingresses.values()][0]);
