import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { FunctionSettings } from '../../src/lambda/function-settings.ts';
import { LocalFunctions } from './local-functions.ts';

let functions: LocalFunctions;
beforeEach(() => {
  functions = new LocalFunctions();
});
afterEach(() => functions.close());

/** Runs a handler with this body, warm, and gives its request id and the lines of that call. */
async function logOf(body: string, settings: Partial<FunctionSettings> = {}) {
  functions.add(
    'logs',
    `export const handler = async (event) => { if (event.cold) return; ${body} };`,
    settings,
  );
  // With the end of the log the answer comes after the report.
  await functions.service.invoke('logs', '{"cold":true}', { tail: true });
  functions.lines.length = 0;
  const { requestId, logTail } = await functions.service.invoke('logs', '{}', { tail: true });
  const lines = functions.lines.filter(({ kind }) => kind === 'function').map(({ text }) => text);
  return { requestId, lines, logTail: Buffer.from(logTail ?? '', 'base64').toString() };
}

describe('with the text format', () => {
  test('console writes time, request, level and message, divided by tabs', async () => {
    const { requestId, lines } = await logOf(
      'console.log("to %s", "you", { a: 1 }); console.warn("careful"); console.debug("d"); console.trace("t"); console.fatal?.("f");',
    );
    expect(lines.map((line) => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z/, 'TIME'))).toEqual([
      `TIME\t${requestId}\tINFO\tto you { a: 1 }`,
      `TIME\t${requestId}\tWARN\tcareful`,
      `TIME\t${requestId}\tDEBUG\td`,
      `TIME\t${requestId}\tTRACE\tt`,
      `TIME\t${requestId}\tFATAL\tf`,
    ]);
  });

  test('a message of several lines is one line of the log', async () => {
    const { lines } = await logOf('console.error(new Error("deep"));');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/\tERROR\tError: deep\n {4}at /);
  });

  test('direct output of a function is unchanged, also to stderr, also without a line break', async () => {
    await logOf('process.stdout.write("plain {}\\n"); process.stderr.write("bad\\nrest");');
    await functions.service.close();
    const own = functions.lines.filter(({ kind }) => kind === 'function');
    expect(own).toEqual([
      { functionName: 'logs', text: 'plain {}', stream: 'stdout', kind: 'function' },
      { functionName: 'logs', text: 'bad', stream: 'stderr', kind: 'function' },
      { functionName: 'logs', text: 'rest', stream: 'stderr', kind: 'function' },
    ]);
  });

  test('Lambda marks where a call starts and ends, and reports what it took', async () => {
    const { requestId } = await logOf('console.log("x");');
    const lines = functions.lines.map(({ text }) => text);
    expect(lines[0]).toBe(`START RequestId: ${requestId} Version: $LATEST`);
    expect(lines[1]).toMatch(/\tINFO\tx$/);
    expect(lines[2]).toBe(`END RequestId: ${requestId}`);
    expect(lines[3]).toMatch(
      new RegExp(
        `^REPORT RequestId: ${requestId}\\tDuration: [\\d.]+ ms\\tBilled Duration: \\d+ ms\\tMemory Size: 128 MB\\tMax Memory Used: \\d+ MB$`,
      ),
    );
  });

  test('a cold start is marked, and its duration is in the first report only', async () => {
    functions.add('cold', 'console.log("loading"); export const handler = async () => 1;');
    await functions.call('cold');
    await functions.call('cold');
    await functions.service.close();
    const log = functions.log();
    expect(log).toMatch(/^INIT_START Runtime Version: nodejs:24/);
    expect(log).toMatch(/\tundefined\tINFO\tloading/);
    expect(log.match(/Init Duration: [\d.]+ ms/g)).toHaveLength(1);
  });

  test('the caller can have the end of the log', async () => {
    const { requestId, logTail } = await logOf(
      'console.log("x".repeat(5000)); console.log("last");',
    );
    expect(Buffer.byteLength(logTail)).toBe(4096);
    expect(logTail).toContain(`${requestId}\tINFO\tlast\nEND RequestId: ${requestId}\nREPORT`);
  });
});

describe('with the JSON format', () => {
  const json = { loggingFormat: 'JSON' } as const;

  test('console writes one JSON object a line', async () => {
    const { requestId, lines } = await logOf(
      'console.info("hello %s", "you"); console.log({ chat: 1, nested: [2] });',
      json,
    );
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        timestamp: expect.stringMatching(/^\d{4}-/),
        level: 'INFO',
        requestId,
        message: 'hello you',
      },
      {
        timestamp: expect.any(String),
        level: 'INFO',
        requestId,
        message: { chat: 1, nested: [2] },
      },
    ]);
  });

  test('an error has its type, message and trace', async () => {
    const { lines } = await logOf(
      'const e = new TypeError("no"); e.code = "X"; console.error("failed:", e); console.error(e);',
      json,
    );
    const [beside, alone] = lines.map((line) => JSON.parse(line));
    expect(beside).toMatchObject({
      level: 'ERROR',
      errorType: 'TypeError',
      errorMessage: 'no',
      stackTrace: expect.arrayContaining(['TypeError: no']),
    });
    expect(beside.message).toMatch(/^failed: TypeError: no/);
    expect(alone.message).toMatchObject({ errorType: 'TypeError', errorMessage: 'no', code: 'X' });
  });

  test('a value that JSON cannot represent is written as text', async () => {
    const { lines } = await logOf('const a = {}; a.a = a; console.log(a); console.log(1n);', json);
    expect(lines.map((line) => JSON.parse(line).message)).toEqual([
      expect.stringContaining('Circular'),
      '1n',
    ]);
  });

  test('lines below the application log level are omitted', async () => {
    const { lines } = await logOf('console.debug("d"); console.info("i"); console.warn("w");', {
      ...json,
      applicationLogLevel: 'WARN',
    });
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(['w']);
  });

  test('direct output of a function is unchanged', async () => {
    expect((await logOf('process.stdout.write("plain\\n");', json)).lines).toEqual(['plain']);
  });

  test("Lambda's own lines are JSON too", async () => {
    const { requestId } = await logOf('', json);
    const records = functions.lines.map(({ text }) => JSON.parse(text));
    expect(records).toEqual([
      {
        time: expect.any(String),
        type: 'platform.start',
        record: { requestId, version: '$LATEST' },
      },
      {
        time: expect.any(String),
        type: 'platform.report',
        record: {
          requestId,
          status: 'success',
          metrics: {
            durationMs: expect.any(Number),
            billedDurationMs: expect.any(Number),
            memorySizeMB: 128,
            maxMemoryUsedMB: expect.any(Number),
          },
        },
      },
    ]);
  });

  test('with system log level WARN Lambda writes failures only', async () => {
    await logOf('', { ...json, systemLogLevel: 'WARN' });
    expect(functions.lines).toEqual([]);
    functions.add('trouble', 'export const handler = async () => process.exit(2);', {
      ...json,
      systemLogLevel: 'WARN',
    });
    await functions.call('trouble');
    expect(functions.lines.map(({ text }) => JSON.parse(text))).toMatchObject([
      { type: 'platform.report', record: { status: 'error', errorType: 'Runtime.ExitError' } },
    ]);
  });
});
