import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeScratchCopy, type ScratchCopy } from './scratch-copy.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The diff that CONTRIBUTING.md shows. */
const diff = /<!-- consumer-diff:begin -->\n```diff\n(.*?)```/s.exec(
  readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'),
)?.[1];

describe('the consumer that CONTRIBUTING.md adds', () => {
  let copy: ScratchCopy;
  const inCopy = (path: string) => copy.inCopy(path);
  const run = (...args: string[]) => copy.run(...args);

  beforeAll(() => {
    copy = makeScratchCopy();
    writeFileSync(inCopy('consumer.diff'), diff ?? '');
    execFileSync('git', ['apply', 'consumer.diff'], { cwd: copy.directory, stdio: 'pipe' });
  });
  afterAll(() => copy.remove());

  test('is a row of at most five lines and one file', () => {
    const [, row, ...files] = (diff ?? '').split(/^--- .*\n/m);
    const added = (row ?? '').split('\n').filter((line) => /^\+(?!\+\+)/.test(line));
    expect(added.length).toBeLessThanOrEqual(5);
    expect(files).toHaveLength(1);
    expect(files[0]).toMatch(/^\+\+\+ b\/lambdas\/consumers\/orders\.ts\n/);
  });

  test('compiles, and is written as the formatter would write it', async () => {
    expect(await run('node_modules/typescript/bin/tsc')).toEqual({ code: 0, stdout: '' });
    const files = ['lib/consumers.ts', 'lambdas/consumers/orders.ts'];
    const biome = ['node_modules/@biomejs/biome/bin/biome', 'format', '--vcs-enabled=false'];
    expect(await run(...biome, ...files)).toMatchObject({ code: 0 });
  });

  test('is in the documents', async () => {
    expect(await run('tools/docs.ts')).toEqual({
      code: 0,
      stdout: [
        ...['events.md', 'events/messages.md', 'consumers.md', 'costs.md', 'images/costs.svg'],
        ...['permissions.md', 'removal.md', 'asyncapi.json'],
      ]
        .map((name) => `docs/${name}\n`)
        .join(''),
    });
    expect(readFileSync(inCopy('docs/consumers.md'), 'utf8')).toContain('### `orders`');
    expect(readFileSync(inCopy('docs/consumers.md'), 'utf8')).toContain(
      '| [`orders`](#orders) | Turns messages into orders | queue and function',
    );
  });

  test('is in the template and receives messages in a local run, as the existing tests check', async () => {
    // What the command line writes is tried in the same breath: starting all of this takes seconds.
    const add = ['bin/fanout.ts', 'consumer', 'add', 'more-orders', '--type', 'message'];
    expect(await run(...add)).toMatchObject({ code: 0 });
    const { code, stdout } = await run(
      '--experimental-vm-modules',
      'node_modules/jest/bin/jest.js',
      'test/lib/fanout-stack.test.ts',
      'test/end-to-end/pipeline.test.ts',
      'test/lambdas/consumers/more-orders.test.ts',
      '--testNamePattern=^the table of consumers (more-)?orders |^the consumer more-orders |message\\.edited reaches each consumer',
      '--json',
      '--outputFile=numbers.json',
    );
    expect({ code, stdout: code === 0 ? '' : stdout }).toEqual({ code: 0, stdout: '' });
    const { numPassedTests } = JSON.parse(readFileSync(inCopy('numbers.json'), 'utf8'));
    expect(numPassedTests).toBeGreaterThanOrEqual(8);
  });
});
