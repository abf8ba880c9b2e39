import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isAlive, LocalFunctions } from './local-functions.ts';

let functions: LocalFunctions;
beforeAll(() => {
  functions = new LocalFunctions({ maxEnvironments: 3 });
  functions.add(
    'moody',
    `console.log('pid', process.pid);
     export const handler = async ({ mood, n }) => {
       if (mood === 'exit') process.exit(n);
       if (mood === 'reject') Promise.reject(new Error('lost'));
       if (mood === 'late') setTimeout(() => { throw new Error('late'); }, n);
       if (mood === 'hang') await new Promise(() => {});
       if (mood === 'kill') process.kill(process.pid, 'SIGKILL');
       if (mood === 'throw') throw new Error('no');
       await new Promise((done) => setTimeout(done, n));
       return n;
     };`,
    { timeoutSeconds: 0.2 },
  );
});
afterAll(() => functions.close());

const textOf = (payload: string) => {
  const answer = JSON.parse(payload) as { readonly errorMessage?: string };
  return String(answer.errorMessage ?? payload);
};

/** A process may be ended by what the call before left behind, and on a slow machine by its timeout. */
const fate = (n: number, requestId: string) =>
  new RegExp(`^${n}$|^late$|exit status 129$|^RequestId: ${requestId} Error: Task timed out`);

test('whatever calls at the same time do to their processes, each caller gets its own result', async () => {
  const mood = fc.constantFrom(
    'work',
    'work',
    'work',
    'exit',
    'reject',
    'late',
    'hang',
    'kill',
    'throw',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(mood, fc.nat(9)), { minLength: 1, maxLength: 12 }),
      async (calls) => {
        const answers = await Promise.all(
          calls.map(([mood, n]) => functions.service.invoke('moody', JSON.stringify({ mood, n }))),
        );
        for (const [index, [mood, n]] of calls.entries()) {
          const { payload = '', requestId = '' } = answers[index] ?? {};
          if (mood === 'work') {
            expect(textOf(payload)).toMatch(fate(n, requestId));
          } else if (mood !== 'late') {
            expect(JSON.parse(payload)).toHaveProperty('errorMessage');
          }
        }
      },
    ),
    { numRuns: 8 },
  );
  await functions.service.close();
  const pids = [...functions.log('function').matchAll(/INFO\tpid (\d+)/g)].map(([, pid]) =>
    Number(pid),
  );
  expect(pids.length).toBeGreaterThan(0);
  expect(pids.filter(isAlive)).toEqual([]);
});
