import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, test } from '@jest/globals';
import { isAlive, until } from './local-functions.ts';

const directory = mkdtempSync(join(tmpdir(), 'fanout-orphans-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/**
 * A program that runs one function for ever; it prints the function's process id and keeps running.
 */
const programSource = `
import { systemClock } from '${new URL('../../src/clock.ts', import.meta.url)}';
import { LambdaService } from '${new URL('../../src/lambda/lambda-service.ts', import.meta.url)}';
const service = new LambdaService({
  clock: systemClock(),
  log: ({ text }) => text.startsWith('pid') && console.log(text),
});
service.createFunction({
  name: 'f',
  arn: 'arn:aws:lambda:eu-central-1:123456789012:function:f',
  codeDirectory: '${directory}',
  handler: 'index.handler',
  timeoutSeconds: 900,
});
service.invoke('f', JSON.stringify({ hang: process.argv[2] === 'hang' }));
`;

const handlerSource = `export const handler = async ({ hang }) => {
  process.stdout.write('pid ' + process.pid + '\\n');
  if (hang) for (;;);
  await new Promise(() => {});
};`;

async function startProgram(mode: string) {
  writeFileSync(join(directory, 'index.mjs'), handlerSource);
  writeFileSync(join(directory, 'program.ts'), programSource);
  const program = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(directory, 'program.ts'), mode],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = await once(createInterface(program.stdout), 'line');
  return { program, functionPid: Number(String(line).slice(4)) };
}

describe('when the program is killed', () => {
  test.each([['waits'], ['hang']])('a function that %s ends too', async (mode) => {
    const { program, functionPid } = await startProgram(mode);
    expect(isAlive(functionPid)).toBe(true);
    program.kill('SIGKILL');
    await once(program, 'exit');
    await until(() => !isAlive(functionPid));
  });
});
