/**
 * `npm run test:durability`: rounds of load and `kill -9`, and then a count of what was promised.
 * Options: `--rounds 200`, `--seed` (printed, so that the same moments can be had again).
 */
import { parseArgs } from 'node:util';
import { runRounds } from './rounds.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string' } },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const start = performance.now();
console.log(`${rounds} rounds of load and kill -9, seed ${seed}`);
const result = await runRounds({
  rounds,
  seed,
  print: (line) => {
    if (/0 of/.test(line)) {
      console.log(line);
    }
  },
});
const inQueues = Object.values(result.queued).reduce((sum, count) => sum + count, 0);
const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(`sent (answered 2xx)  ${result.sent}`);
console.log(`handled              ${result.handled}`);
for (const [name, count] of Object.entries(result.queued)) {
  console.log(`in ${name}  ${count}`);
}
console.log(
  `lost                 ${result.lost.length}${result.lost.map((id) => `\n  ${id}`).join('')}`,
);
console.log(`dead without a cause ${result.causeless.length}`);
console.log(
  `${result.sent} sent = ${result.handled} handled + ${inQueues} in queues, ${seconds} s`,
);
const isGood = result.drained && result.lost.length === 0 && result.causeless.length === 0;
if (!result.drained) {
  console.log('The functions did not empty their queues in time.');
}
process.exitCode = isGood ? 0 : 1;
