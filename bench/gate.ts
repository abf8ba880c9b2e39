/**
 * `npm run bench:gate`: fails when something has grown beyond its limit (gate/limits.ts) that does not
 * depend on the machine's speed: bytes, modules, and ratios of CPU times in one run.
 */
import { join } from 'node:path';
import { exceeded } from './gate/exceeded.ts';
import { type LimitName, limits } from './gate/limits.ts';
import { measureLimits } from './gate/measure-limits.ts';
import { inTemporaryDirectory } from './in-temporary-directory.ts';

const measured = await inTemporaryDirectory((directory) => measureLimits(join(directory, 'code')));
const over = exceeded(measured);
for (const [name, { title, atMost, reason }] of Object.entries(limits)) {
  const value = measured[name as LimitName];
  const shown = Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(2);
  const isOver = over.includes(name as LimitName);
  console.log(
    `${isOver ? 'OVER' : 'ok  '}  ${title}: ${shown} (at most ${atMost.toLocaleString('en-US')})`,
  );
  if (isOver) console.log(`      ${reason}`);
}
if (over.length > 0) {
  console.error('Make it smaller, or raise the limit in bench/gate/limits.ts and say why.');
  process.exitCode = 1;
}
