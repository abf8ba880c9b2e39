/**
 * `npm run bench:gate`: fails when a bundle, or a ratio of CPU times in one run, is above its limit. The limits
 * (`gate` in goals.ts) are looser than the project's goals where times are compared, so that they hold
 * on any machine.
 */
import { type Goal, goalsOf } from './goals.ts';
import { measure } from './measure.ts';

/** One line with the measured value, the limit, and what to do if it is above. NaN counts as above. */
export function gateLine({ title, measured, gate, goal, advice }: Goal): string {
  const text = `${title}: ${measured.toFixed(2)} (limit ${gate}, goal ${goal})`;
  return measured <= gate ? `ok    ${text}` : `ABOVE ${text}: ${advice}`;
}

if (import.meta.main) {
  const lines = goalsOf(await measure('gate'), 'cpuMs').map(gateLine);
  console.log(lines.join('\n'));
  console.log('Limits of times are looser than the goals of docs/benchmarks.md, to hold anywhere.');
  if (lines.some((line) => line.startsWith('ABOVE'))) {
    console.error('If a limit has to be raised, do it in bench/goals.ts and say why.');
    process.exitCode = 1;
  }
}
