import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { arnOf, isAlive, LocalFunctions, until } from './local-functions.ts';

let functions: LocalFunctions;
beforeEach(() => {
  functions = new LocalFunctions();
});
afterEach(() => functions.close());

const echo = 'export const handler = async (event) => ({ event, pid: process.pid });';

describe('a call', () => {
  test('gives the event to the handler and its result to the caller', async () => {
    functions.add('echo', echo);
    const result = await functions.service.invoke('echo', '{"text":"héllo 👋"}');
    expect(result).toMatchObject({ statusCode: 200, executedVersion: '$LATEST' });
    expect(result.functionError).toBeUndefined();
    expect(JSON.parse(result.payload).event).toEqual({ text: 'héllo 👋' });
  });

  test.each([
    ['echo'],
    [arnOf('echo')],
    [`${arnOf('echo')}:$LATEST`],
    ['123456789012:function:echo'],
    ['function:echo'],
  ])('finds the function as %s', async (reference) => {
    functions.add('echo', echo);
    expect((await functions.service.invoke(reference, '{}')).statusCode).toBe(200);
  });

  test.each([['nothing'], ['echo:7'], ['../echo'], [`${arnOf('echo')}:prod`], ['e'.repeat(300)]])(
    'is refused when there is no function %s',
    async (reference) => {
      functions.add('echo', echo);
      await expect(functions.service.invoke(reference, '{}')).rejects.toMatchObject({
        code: 'ResourceNotFoundException',
        statusCode: 404,
      });
    },
  );

  test('that only asks whether it would be allowed does not run the function', async () => {
    functions.add('echo', echo);
    const result = await functions.service.invoke('echo', '{}', { type: 'DryRun' });
    expect(result).toMatchObject({ statusCode: 204, payload: '' });
    expect(functions.lines).toEqual([]);
  });

  test('takes results of every JSON kind, and null where nothing is returned', async () => {
    functions.add('any', 'export const handler = async (event) => event.value;');
    for (const value of [null, 0, '', 'text', [1, { a: [] }], { nested: { deep: true } }, false]) {
      expect(await functions.call('any', { value })).toEqual(value);
    }
    expect(await functions.call('any', {})).toBeNull();
  });

  test.each([
    ['passes to its callback', 'setTimeout(() => callback(null, event.n + 1), 1);'],
    ['returns as a promise', 'return Promise.resolve(event.n + 1);'],
  ])('takes what a handler with a callback %s, up to Node.js 22', async (_name, body) => {
    const code = `export const handler = (event, context, callback) => { ${body} };`;
    functions.add('callback', code, { runtime: 'nodejs22.x' });
    expect(await functions.call('callback', { n: 1 })).toBe(2);
  });

  test('carries events and results of megabytes', async () => {
    functions.add('echo', echo);
    const text = 'ä'.repeat(2_500_000);
    expect(await functions.call('echo', { text })).toMatchObject({ event: { text } });
  });

  test('of a handler that is not async works as well', async () => {
    functions.add('sync', 'export const handler = (event) => event.a + 1;');
    expect(await functions.call('sync', { a: 1 })).toBe(2);
  });
});

describe('the handler', () => {
  test('is found in CommonJS, in a folder, and under a nested name', async () => {
    functions.add('cjs', {
      'index.js': 'exports.handler = async () => require("./part.js");',
      'part.js': 'module.exports = "part";',
    });
    functions.add(
      'folder',
      { 'src/app.cjs': 'exports.run = async () => __filename;' },
      { handler: 'src/app.run' },
    );
    functions.add('nested', 'export const api = { get: async () => "got" };', {
      handler: 'index.api.get',
    });
    expect(await functions.call('cjs')).toBe('part');
    expect(await functions.call('folder')).toMatch(/src\/app\.cjs$/);
    expect(await functions.call('nested')).toBe('got');
  });

  test('in a .js file is CommonJS even below a folder of ES modules', async () => {
    functions.write('app', { 'package.json': '{"type":"module"}' });
    const codeDirectory = functions.write('app/cdk.out/asset', {
      'index.js': 'exports.handler = async () => typeof module;',
    });
    functions.add('nested', {}, { codeDirectory });
    expect(await functions.call('nested')).toBe('object');
  });

  test('in a .js file is an ES module if its own package.json says so', async () => {
    functions.add('esm', {
      'package.json': '{"type":"module"}',
      'index.js': 'export const handler = async () => import.meta.url;',
    });
    expect(await functions.call('esm')).toMatch(/^file:/);
  });

  test('gets a context with the function’s properties and the remaining time', async () => {
    functions.add(
      'context',
      `export const handler = async (_event, context) => {
        const before = Date.now();
        const left = context.getRemainingTimeInMillis();
        return { ...context, earliestEnd: before + left, latestEnd: Date.now() + left };
      };`,
      { memoryMb: 256, timeoutSeconds: 700 },
    );
    const calledAt = Date.now();
    const { requestId, payload } = await functions.service.invoke('context', '{}', {
      clientContext: '{"custom":{"a":"1"}}',
    });
    const answeredAt = Date.now();
    const context = JSON.parse(payload);
    expect(context).toMatchObject({
      functionName: 'context',
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      invokedFunctionArn: arnOf('context'),
      awsRequestId: requestId,
      logGroupName: '/aws/lambda/context',
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      clientContext: { custom: { a: '1' } },
    });
    expect(context.latestEnd).toBeGreaterThanOrEqual(calledAt + 700_000);
    expect(context.earliestEnd).toBeLessThanOrEqual(answeredAt + 700_000);
  });

  test("gets the template's and Lambda's environment variables, and none of ours", async () => {
    process.env.A_SECRET_OF_THE_SHELL = 'not for functions';
    process.env.NODE_OPTIONS_BEFORE = process.env.NODE_OPTIONS ?? '';
    await functions.close();
    functions = new LocalFunctions({
      extraEnvironment: { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' },
    });
    functions.add('env', 'export const handler = async () => process.env;', {
      environment: { BUS_NAME: 'bus', TZ: 'Europe/Vienna' },
      memoryMb: 256,
    });
    const environment = (await functions.call('env')) as Record<string, string>;
    delete process.env.A_SECRET_OF_THE_SHELL;
    delete process.env.NODE_OPTIONS_BEFORE;
    expect(environment).toMatchObject({
      BUS_NAME: 'bus',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_LAMBDA_FUNCTION_NAME: 'env',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      LAMBDA_TASK_ROOT: expect.stringMatching(/\/env$/),
      _HANDLER: 'index.handler',
      LANG: 'en_US.UTF-8',
      TZ: 'Europe/Vienna',
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=/),
    });
    expect(
      Object.keys(environment).filter((name) => /SECRET_OF|NODE_OPTIONS|npm_|JEST/i.test(name)),
    ).toEqual([]);
    expect(environment.AWS_ACCESS_KEY_ID).toBe('local');
  });

  test('runs in the folder of its code', async () => {
    functions.add('cwd', 'export const handler = async () => process.cwd();');
    expect(await functions.call('cwd')).toMatch(/\/cwd$/);
  });
});

describe('environment variables that Lambda refuses', () => {
  test.each([
    [
      'names that it sets itself',
      { BUS: 'b', AWS_REGION: 'eu-west-1', _HANDLER: 'x' },
      'AWS_REGION, _HANDLER',
    ],
    ['more than 4 KB', { TEXT: 'ä'.repeat(2_050) }, 'exceeded the 4KB limit'],
  ])('are %s', (_name, environment, message) => {
    const add = () => functions.add('env', echo, { environment });
    expect(add).toThrow(expect.objectContaining({ code: 'InvalidParameterValueException' }));
    expect(add).toThrow(message);
  });

  test('are not those of 4 KB, or any other name of AWS', async () => {
    const environment = { TEXT: 'a'.repeat(4_000), AWS_MAX_ATTEMPTS: '2' };
    functions.add('env', 'export const handler = async () => process.env.AWS_MAX_ATTEMPTS;', {
      environment,
    });
    expect(await functions.call('env')).toBe('2');
  });
});

describe('execution environments', () => {
  const count =
    'let calls = 0; export const handler = async () => { calls += 1; return { pid: process.pid, calls }; };';

  test('are reused, so that what a module keeps is there at the next call', async () => {
    functions.add('count', count);
    const first = (await functions.call('count')) as { pid: number };
    expect(await functions.call('count')).toEqual({ pid: first.pid, calls: 2 });
    expect(functions.log('platform').match(/INIT_START/g)).toHaveLength(1);
  });

  test('are started for calls at the same time', async () => {
    functions.add('meeting', functions.meetingCode(3));
    const pids = await Promise.all([1, 2, 3].map(() => functions.call('meeting')));
    expect(new Set(pids).size).toBe(3);
  });

  test('are limited in number; further calls wait and then succeed', async () => {
    await functions.close();
    functions = new LocalFunctions({ maxEnvironments: 2 });
    functions.add('meeting', functions.meetingCode(2));
    const pids = await Promise.all([1, 2, 3, 4, 5, 6].map(() => functions.call('meeting')));
    expect(new Set(pids).size).toBe(2);
  });

  test('that are idle for long are ended', async () => {
    await functions.close();
    functions = new LocalFunctions({ idleSeconds: 0.08 });
    functions.add('count', count);
    const { pid } = (await functions.call('count')) as { pid: number };
    await until(() => !isAlive(pid));
    expect(await functions.call('count')).toMatchObject({ calls: 1 });
  });

  test('run new code after it was updated, while the call before ends with the old', async () => {
    functions.add('app', functions.heldCode);
    const before = functions.call('app');
    await until(() => functions.log().includes('begun'));
    const code = functions.write('app-2', 'export const handler = async () => "new";');
    functions.service.updateCode('app', code);
    expect(await functions.call('app')).toBe('new');
    functions.release();
    expect(await before).toEqual(expect.any(Number));
  });

  test('end when their function is deleted, which is then not found', async () => {
    functions.add('count', count);
    const { pid } = (await functions.call('count')) as { pid: number };
    functions.service.deleteFunction('count');
    await expect(functions.call('count')).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    await until(() => !isAlive(pid));
    expect(functions.service.listFunctions()).toEqual([]);
  });
});
