import { afterEach, describe, expect, test } from '@jest/globals';
import type { LambdaOptions } from '../../src/lambda/lambda-service.ts';
import { isAlive, LocalFunctions, until } from './local-functions.ts';

let functions: LocalFunctions;
const start = (options: Partial<LambdaOptions> = {}) => {
  functions = new LocalFunctions(options);
  return functions;
};
afterEach(() => functions.close());

const wait =
  'export const handler = async ({ endless }) => { console.log("begun"); if (endless) await new Promise(() => setInterval(() => {}, 1000)); return process.pid; };';

describe('a call is refused', () => {
  test('with TooManyRequestsException beyond the reserved concurrency of its function', async () => {
    start().add('held', functions.heldCode, { reservedConcurrency: 1 });
    const first = functions.call('held');
    await expect(functions.call('held')).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      statusCode: 429,
      message: 'Rate Exceeded.',
      reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    });
    functions.release();
    await first;
    expect(await functions.call('held')).toBeGreaterThan(0);
  });

  test('always if the reserved concurrency is 0', async () => {
    start().add('wait', wait, { reservedConcurrency: 0 });
    await expect(functions.call('wait')).rejects.toMatchObject({
      code: 'TooManyRequestsException',
    });
  });

  test('beyond the concurrency of the account', async () => {
    start({ accountConcurrency: 1 }).add('held', functions.heldCode);
    const first = functions.call('held');
    await expect(functions.call('held')).rejects.toMatchObject({
      reason: 'ConcurrentInvocationLimitExceeded',
    });
    functions.release();
    await first;
  });

  test.each([
    ['RequestResponse', 6_291_456],
    ['Event', 1_048_576],
  ] as const)('for %s with more than %d bytes', async (type, limit) => {
    start().add('wait', wait);
    await expect(
      functions.service.invoke('wait', JSON.stringify('x'.repeat(limit - 1)), { type }),
    ).rejects.toMatchObject({
      code: 'RequestEntityTooLargeException',
      statusCode: 413,
      message: `${limit + 1} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
    });
  });
});

test('a function that makes much garbage but keeps little stays within its memory', async () => {
  start().add(
    'garbage',
    `const text = JSON.stringify(Array.from({ length: 5000 }, (_, n) => ({ n, tags: ['a', n] })));
     export const handler = async () => {
       const kept = [];
       for (let n = 0; n < 300; n += 1) {
         kept.push(JSON.parse(text));
         if (kept.length > 3) kept.shift();
         if (n % 20 === 0) await new Promise(setImmediate);
       }
       return 'done';
     };`,
    { memoryMb: 128 },
  );
  expect(await functions.call('garbage')).toBe('done');
});

describe('closing', () => {
  test('waits for running executions, up to the given time', async () => {
    start().add('held', functions.heldCode);
    const running = functions.call('held');
    await until(() => functions.log().includes('begun'));
    const closed = functions.service.close({ drainMs: 600_000 });
    functions.release();
    await closed;
    expect(isAlive((await running) as number)).toBe(false);
    await expect(functions.call('held')).rejects.toMatchObject({
      code: 'TooManyRequestsException',
    });
  });

  test('kills executions that run longer, and leaves no process', async () => {
    start().add('wait', wait);
    const pid = (await functions.call('wait')) as number;
    functions.lines.length = 0;
    const running = functions.call('wait', { endless: true });
    await until(() => functions.log().includes('begun'));
    await functions.service.close({ drainMs: 30 });
    expect(await running).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(isAlive(pid)).toBe(false);
  });

  test('also ends the processes that a function started', async () => {
    start().add(
      'parent',
      'import { spawn } from "node:child_process"; export const handler = async () => spawn("/bin/sleep", ["60"], { stdio: "ignore" }).pid;',
    );
    const pid = (await functions.call('parent')) as number;
    expect(isAlive(pid)).toBe(true);
    await functions.service.close();
    await until(() => !isAlive(pid));
  });

  test('does not wait for the output of a process that has left its function', async () => {
    const pipes = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'PipeWrap').length;
    const before = pipes();
    start().add(
      'leaves',
      `import { spawn } from 'node:child_process';
      export const handler = async () => {
        const { pid } = spawn('sleep', ['600'], { detached: true, stdio: 'inherit' });
        console.log('sleeps ' + pid);
        process.exit(0);
      };`,
    );
    await functions.service.invoke('leaves', '{}');
    const pid = Number(/sleeps (\d+)/.exec(functions.log())?.[1]);
    await functions.service.close();
    await until(() => pipes() === before);
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
    expect(functions.log('platform').match(/REPORT RequestId/g)).toHaveLength(1);
  });

  test('settles invocations that wait for an environment', async () => {
    start({ maxEnvironments: 1 }).add('wait', wait);
    const calls = [functions.call('wait', { endless: true }), functions.call('wait')];
    await until(() => functions.log().includes('begun'));
    await functions.service.close();
    for (const call of calls) {
      expect(await call).toMatchObject({ errorType: 'Runtime.ExitError' });
    }
  });
});
