import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { createProgram } from '../../cli/program.ts';
import { parsePort, portOption } from '../../cli/terminal/options.ts';
import { readConnection } from '../../ops/aws/connect.ts';
import { readPort } from '../../ops/port.ts';
import { keptTemplate } from '../lib/kept-template.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is no port, among it what IIS puts into PORT: the name of a Windows pipe. */
const wrong = ['abc', '', ' 3000', '1e3', '-1', '65536', '3000.5', String.raw`\\.\pipe\1f0c`];

const before = { ...process.env };
afterEach(() => {
  for (const name of Object.keys(process.env)) {
    if (!(name in before)) {
      delete process.env[name];
    }
  }
  Object.assign(process.env, before);
});

/** Every environment variable that the command line's sources name. */
const variables = [
  ...new Set(
    globSync(['ops/**/*.ts', 'cli/**/*.ts', 'bin/fanout.ts', 'console/server/**/*.ts'], {
      cwd: root,
    }).flatMap((file) =>
      [
        ...readFileSync(join(root, file), 'utf8').matchAll(
          /\b(?:env|environment)\.([A-Z][A-Z_]+)|\b(?:portOption|readPort)\([^;]*?'([A-Z][A-Z_]+)'/g,
        ),
      ].map(([, dotted, named]) => dotted ?? named ?? ''),
    ),
  ),
];

/** What `fanout` prints as an error when it is called with these words. */
async function errorOf(...words: string[]): Promise<string> {
  let printed = '';
  const program = createProgram();
  for (const command of [program, ...program.commands]) {
    command.configureOutput({
      writeErr: (text) => {
        printed += text;
      },
      writeOut: () => {},
    });
  }
  await program.parseAsync(words, { from: 'user' }).catch((error: Error) => {
    printed ||= error.message;
  });
  return printed;
}

describe('a wrong port in an environment variable', () => {
  test.each([
    ['local', 'PORT'],
    ['local', 'AWS_PORT'],
    ['local', 'CONSOLE_PORT'],
    ['demo', 'PORT'],
    ['demo', 'AWS_PORT'],
    ['status', 'AWS_PORT'],
  ])(
    'is refused by fanout %s with the name %s, the value and what is allowed',
    async (command, variable) => {
      for (const value of wrong) {
        process.env[variable] = value;
        const printed = await errorOf(command);
        expect(printed).toContain(variable);
        expect(printed).toContain(value);
        expect(printed).toContain('A port is an integer from 0 to 65535.');
      }
    },
  );

  test('does not affect a command that does not use it', async () => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => {});
    const folder = mkdtempSync(join(tmpdir(), 'fanout-port-'));
    const template = join(folder, 'stack.template.json');
    writeFileSync(template, JSON.stringify(await keptTemplate()));
    for (const value of wrong) {
      process.env.PORT = value;
      process.env.AWS_PORT = value;
      process.env.CONSOLE_PORT = value;
      expect(await errorOf('cost', '--template', template)).toBe('');
      expect(readConnection({ stack: 'WhatsAppEventFanout-prod' }).endpoint).toBeUndefined();
    }
    expect(log.mock.calls.length).toBeGreaterThanOrEqual(wrong.length);
    log.mockRestore();
    rmSync(folder, { recursive: true });
  });

  test('is ignored when the command line has a port', () => {
    process.env.PORT = 'abc';
    const local = createProgram().commands.find((command) => command.name() === 'dev');
    local?.action(() => {}).parse(['--port', '3100'], { from: 'user' });
    expect(local?.opts()).toMatchObject({ port: 3100, awsPort: 4566 });
  });

  test('ends the program with a sentence and the exit status of wrong usage', async () => {
    const run = promisify(execFile)(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', 'bin/fanout.ts', 'local', '--memory'],
      { cwd: root, env: { ...before, PORT: 'abc' } },
    );
    await expect(run).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("value 'abc' from env 'PORT' is invalid. A port is"),
    });
  });
});

test('no environment variable can prevent the program from starting', () => {
  expect(variables).toEqual(expect.arrayContaining(['PORT', 'AWS_PORT', 'CONSOLE_PORT']));
  for (const value of wrong) {
    for (const name of variables) {
      process.env[name] = value;
    }
    expect(() => createProgram()).not.toThrow();
  }
});

test('every port from 0 to 65535 is accepted, and no other text', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 65_535 }), (port) => {
      expect(parsePort(String(port))).toBe(port);
      expect(readPort('PORT', 1, { PORT: String(port) })).toBe(port);
    }),
  );
  fc.assert(
    fc.property(
      fc.string().filter((text) => !/^\d+$/.test(text) || Number(text) > 65_535),
      (text) => {
        expect(() => parsePort(text)).toThrow('A port is an integer from 0 to 65535.');
      },
    ),
  );
  expect(readPort('PORT', 3000, {})).toBe(3000);
  expect(portOption('--port <port>', 'a port', 'PORT').envVar).toBe('PORT');
});
