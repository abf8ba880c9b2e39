import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FunctionSettings } from '../../src/lambda/function-settings.ts';
import { LocalFunctions, until } from './local-functions.ts';

let functions: LocalFunctions;
beforeAll(() => {
  functions = new LocalFunctions();
});
afterAll(() => functions.close());

let number = 0;
async function run(
  code: string | Readonly<Record<string, string>>,
  settings: Partial<FunctionSettings> = {},
) {
  number += 1;
  const name = `function-${number}`;
  functions.add(name, code, settings);
  functions.lines.length = 0;
  const result = await functions.service.invoke(name, '{}');
  return {
    name,
    requestId: result.requestId,
    kind: result.functionError,
    error: JSON.parse(result.payload),
  };
}

/** Code that waits without end. */
const wait = 'await new Promise(() => setInterval(() => {}, 1000));';

describe('the caller learns', () => {
  test('the type, message and trace of what the handler throws', async () => {
    const { kind, error } = await run(
      'export const handler = async () => { throw new TypeError("no such group"); };',
    );
    expect(kind).toBe('Unhandled');
    expect(error).toEqual({
      errorType: 'TypeError',
      errorMessage: 'no such group',
      trace: expect.arrayContaining(['TypeError: no such group']),
    });
    await until(() => /\tERROR\tInvoke Error \t\{"errorType":"TypeError"/.test(functions.log()));
  });

  test.each([
    ['"text"', { errorType: 'string', errorMessage: 'text' }],
    ['null', { errorType: 'object', errorMessage: 'null' }],
    ['{ get message() { throw 1 } }', { errorType: 'object', errorMessage: '[object Object]' }],
    ['Object.create(null)', { errorType: 'handled' }],
  ])('something even when the handler throws %s', async (thrown, expected) => {
    const { error } = await run(`export const handler = async () => { throw ${thrown}; };`);
    expect(error).toMatchObject(expected);
  });

  test('the error that a handler passes to its callback, up to Node.js 22', async () => {
    const { kind, error } = await run(
      'export const handler = (event, context, callback) => callback(new TypeError("no group"));',
      { runtime: 'nodejs22.x' },
    );
    expect(kind).toBe('Unhandled');
    expect(error).toMatchObject({ errorType: 'TypeError', errorMessage: 'no group' });
  });

  test('that the function ended its process', async () => {
    const { error, requestId } = await run('export const handler = async () => process.exit(1);');
    expect(error).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: exit status 1`,
    });
    expect(functions.log('platform')).toContain('exit status 1\nRuntime.ExitError');
  });

  test('that the function ended its process without an error', async () => {
    const { error, requestId } = await run('export const handler = async () => process.exit(0);');
    expect(error.errorMessage).toBe(
      `RequestId: ${requestId} Error: Runtime exited without providing a reason`,
    );
  });

  test('that the process was killed', async () => {
    const { error } = await run(
      'export const handler = async () => process.kill(process.pid, "SIGSEGV");',
    );
    expect(error.errorMessage).toMatch(/signal: segmentation fault$/);
  });

  test('of a rejection that nothing handles', async () => {
    const { error } = await run(
      `export const handler = async () => { Promise.reject(new Error("lost")); ${wait} };`,
    );
    expect(error).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: lost',
    });
  });

  test('of an exception that nothing catches', async () => {
    const { error } = await run(
      `export const handler = async () => { setTimeout(() => { throw new RangeError("late"); }); ${wait} };`,
    );
    expect(error).toMatchObject({ errorType: 'RangeError', errorMessage: 'late' });
    await until(() => functions.log().includes('Uncaught Exception'));
  });

  test('that a result is no JSON', async () => {
    const { error } = await run('export const handler = async () => 1n;');
    expect(error).toMatchObject({
      errorType: 'Runtime.JSONStringifyError',
      errorMessage: 'Unable to stringify response body',
    });
  });

  test('that the function took longer than it may', async () => {
    const { error, requestId } = await run('export const handler = async () => { for (;;); };', {
      timeoutSeconds: 0.25,
    });
    expect(error).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 0.25 seconds`,
    });
    expect(functions.log('platform')).toMatch(
      new RegExp(`\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z ${requestId} Task timed out after 0.25 seconds`),
    );
  });

  test('that a result is larger than 6 MB', async () => {
    const { error } = await run('export const handler = async () => "x".repeat(6291600);');
    expect(error).toEqual({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
  });

  test('that the function needs more memory than it has, in buffers', async () => {
    const { error } = await run(
      'const all = []; export const handler = async () => { for (;;) { all.push(Buffer.alloc(2e6, 1)); await new Promise((done) => setTimeout(done, 1)); } };',
      { memoryMb: 128 },
    );
    expect(error).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/signal: killed$/),
    });
    expect(functions.log('platform')).toMatch(
      /Memory Size: 128 MB\tMax Memory Used: (1[2-9]|[2-9]\d)\d MB/,
    );
  });

  test('that the function needs more memory than it has, in objects', async () => {
    const { error } = await run(
      'const all = []; export const handler = async () => { for (;;) all.push({ a: [1, 2, 3] }); };',
      { memoryMb: 128 },
    );
    expect(error).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/signal: killed$/),
    });
  });
});

describe('a function that cannot be loaded', () => {
  test('because its file is missing reports that', async () => {
    const { error } = await run({ 'other.mjs': '' });
    expect(error).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: expect.stringMatching(/^Error: Cannot find module 'index'/),
    });
    expect(functions.log('platform')).toMatch(
      /INIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError/,
    );
  });

  test('because it requires a missing module names the module', async () => {
    const { error } = await run({
      'index.js': 'require("./gone"); exports.handler = async () => 1;',
    });
    expect(error).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: expect.stringContaining("Cannot find module './gone'"),
    });
  });

  test('because it imports a missing module gives the error of the import, as AWS does', async () => {
    const { error } = await run('import "not-installed"; export const handler = async () => 1;');
    expect(error).toMatchObject({
      errorType: 'Error',
      errorMessage: expect.stringContaining("Cannot find package 'not-installed'"),
    });
  });

  test('because of a syntax error reports that', async () => {
    const { error } = await run('export const handler = async () => { return ;;; } }');
    expect(error).toMatchObject({
      errorType: 'Runtime.UserCodeSyntaxError',
      errorMessage: expect.stringMatching(/^SyntaxError:/),
    });
  });

  test('because it does not export the handler reports that', async () => {
    const { error } = await run('export const other = 1;');
    expect(error).toMatchObject({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'index.handler is undefined or not exported',
    });
  });

  test('because the handler is not a function reports that', async () => {
    const { error } = await run('export const handler = {};');
    expect(error).toMatchObject({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'index.handler is not a function',
    });
  });

  test('because the handler expects a callback reports that', async () => {
    const { error } = await run(
      'export const handler = (event, context, callback) => callback(null, 1);',
    );
    expect(error.errorType).toBe('Runtime.CallbackHandlerDeprecated');
  });

  test('because the handler’s name is malformed reports that', async () => {
    expect((await run('', { handler: '../index.handler' })).error.errorType).toBe(
      'Runtime.MalformedHandlerName',
    );
    expect((await run('', { handler: 'index' })).error.errorType).toBe(
      'Runtime.MalformedHandlerName',
    );
  });

  test('because its module throws gives that error', async () => {
    const { error } = await run(
      'throw new Error("no configuration"); export const handler = async () => 1;',
    );
    expect(error).toMatchObject({ errorType: 'Error', errorMessage: 'no configuration' });
  });

  test('because its module ends the process reports that', async () => {
    const { error, requestId } = await run(
      'process.exit(7); export const handler = async () => 1;',
    );
    expect(error.errorMessage).toBe(
      `RequestId: ${requestId} Error: Runtime exited with error: exit status 7`,
    );
  });

  test('because its folder is missing reports that', async () => {
    const { error } = await run('', { codeDirectory: '/nowhere/at/all' });
    expect(error.errorType).toBe('Runtime.ExitError');
    expect(functions.log()).toContain('could not be started');
  });
});

describe('after an error', () => {
  test('that ended the process the next call runs in a new one', async () => {
    const { name } = await run(
      'let n = 0; export const handler = async ({ end }) => { if (end) process.exit(1); n += 1; return n; };',
    );
    await functions.call(name, { end: true });
    expect(await functions.call(name)).toBe(1);
  });

  test('that the handler threw the next call runs in the same one', async () => {
    const { name } = await run(
      'let n = 0; export const handler = async () => { n += 1; if (n === 1) throw new Error(); return n; };',
    );
    expect(await functions.call(name)).toBe(2);
  });
});
