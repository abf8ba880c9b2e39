/** The local run in a separate process: sends `{ url }` when it is ready, and stops at any message. */
import { startLocalRun } from '@event-fanout/local-aws';

const [, , assembly = '', dataDirectory = ''] = process.argv;
const run = await startLocalRun({
  assembly,
  dataDirectory,
  ingressPort: 0,
  awsPort: 0,
  environment: { SIGNING_SECRET: process.argv[4] },
});
process.send?.({ url: [...run.ingresses.values()][0] });
process.on('disconnect', () => process.exit());
process.on('message', () => {
  void run.close({ drainMs: 1_000 }).then(() => process.disconnect());
});
