import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { watchProject } from '../../../cli/local/watch-project.ts';

let root = '';
let handler = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fanout-watched-'));
  handler = join(root, 'greeter.ts');
  // esbuild finds the sources of the app.
  symlinkSync(
    fileURLToPath(new URL('../../../node_modules', import.meta.url)),
    join(root, 'node_modules'),
  );
  for (const [name, text] of [
    ['cdk.json', '{"app":"node app.ts"}'],
    ['app.ts', 'export const rows = ["greeter"];'],
    ['greeter.ts', 'export const handler = 1;'],
  ] as const) {
    writeFileSync(join(root, name), text);
  }
});
afterEach(() => rmSync(root, { recursive: true }));

/** Watches a run whose handler cannot be built, until a line matches. */
async function printedUntil(wanted: RegExp, change: () => void, renew: () => Promise<void>) {
  const printed: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = {
    handlers: { isInput: (path: string) => path === handler } as never,
    rebuild: () => Promise.reject(new Error('Could not resolve "greeter.ts"')),
    renew,
    notes: [],
  };
  const print = (line: string) => {
    printed.push(line);
    if (wanted.test(line)) {
      resolve();
    }
  };
  const stop = watchProject(root, run, { dataDirectory: join(root, '.fanout'), print });
  change();
  await promise;
  stop();
  return printed.filter((line) => /^Reload/.test(line));
}

describe('a handler that cannot be built', () => {
  const remove = () => {
    rmSync(handler);
    writeFileSync(join(root, 'app.ts'), 'export const rows = [];');
  };

  test('does not keep the app from being renewed: it may be one that was removed', async () => {
    const printed = await printedUntil(/^Reloaded/, remove, async () => {});
    expect(printed).toEqual([expect.stringMatching(/^Reloaded: the new app runs/)]);
  });

  test('is reported once if the new app has it too', async () => {
    const fails = () => Promise.reject(new Error('Could not resolve "greeter.ts"'));
    const printed = await printedUntil(/^Reload failed/, remove, fails);
    expect(printed).toEqual([expect.stringContaining('Could not resolve "greeter.ts"')]);
  });

  test('is reported at once if only its own source has changed', async () => {
    const change = () => writeFileSync(handler, 'this is no code');
    const renew = () => Promise.reject(new Error('not called'));
    const printed = await printedUntil(/^Reload failed/, change, renew);
    expect(printed).toEqual([expect.stringContaining('Could not resolve')]);
  });
});
