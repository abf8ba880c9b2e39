import { type Profiler, Session } from 'node:inspector';
import { afterAll } from '@jest/globals';

const session = new Session();
session.connect();
session.post('Profiler.enable');
// V8 counts blocks in those functions only that it compiles after this, which is at their first call.
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
afterAll(() => session.disconnect());

/**
 * Counts the blocks of JavaScript that `work` runs (V8's precise coverage): each function call, each
 * round of a loop and each branch taken is a step. The number is the same on every machine and under
 * any load. What V8 runs as one call (`JSON.parse`, `indexOf`, a regular expression) adds no step.
 *
 * @param work synchronous; runs twice, first to load what is loaded at the first call
 * @throws when `work` calls a function that was called before this module was loaded
 */
export function countSteps(work: () => unknown): number {
  work();
  takeCoverage();
  work();
  const called = takeCoverage()
    .filter(({ url }) => !url.startsWith('node:') && url !== import.meta.url)
    .flatMap(({ functions }) => functions)
    .filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0);
  // V8 names `<instance_members_initializer>` what sets the fields of a class: it has no blocks.
  const uncounted = called.find(
    ({ functionName, isBlockCoverage }) => !isBlockCoverage && !functionName.startsWith('<'),
  );
  if (uncounted) {
    throw new Error(
      `${uncounted.functionName} was called before count-steps.ts was loaded: import it first.`,
    );
  }
  return called.flatMap(({ ranges }) => ranges).reduce((sum, { count }) => sum + count, 0);
}

/** {@link growthWhenDoubled} is below this for work that is linear or sorts, and 4 for quadratic work. */
export const linear = 2.5;

/**
 * How many times as many steps an input of twice the size takes.
 *
 * @param workOn prepares an input of the given size, and gives the work on it that is counted
 */
export function growthWhenDoubled(size: number, workOn: (size: number) => () => unknown): number {
  return countSteps(workOn(2 * size)) / countSteps(workOn(size));
}

/** What ran since the last time. */
function takeCoverage(): readonly Profiler.ScriptCoverage[] {
  let coverage: readonly Profiler.ScriptCoverage[] = [];
  // In the same thread the answer comes before `post` returns.
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error) {
      throw error;
    }
    coverage = result;
  });
  return coverage;
}
