import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { synthesize } from '../../src/template/assembly.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-aws-synthesize-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('an app that is named by its command needs no cdk.json', async () => {
  writeFileSync(
    join(folder, 'app.mjs'),
    "import { writeFileSync } from 'node:fs'; writeFileSync('context', process.env.CDK_CONTEXT_JSON);",
  );
  await synthesize(folder, join(folder, 'out'), { stage: 'dev' }, { app: 'node app.mjs' });
  expect(JSON.parse(readFileSync(join(folder, 'context'), 'utf8'))).toMatchObject({ stage: 'dev' });
});

test('without a command, the file that is missing is named', async () => {
  await expect(synthesize(folder, join(folder, 'out'))).rejects.toThrow(
    `${join(folder, 'cdk.json')} cannot be read`,
  );
});

test('compiled code of packages is kept for the next synthesis, where packages are installed', async () => {
  const app =
    "require('node:fs').appendFileSync('caches', `${process.env.NODE_COMPILE_CACHE ?? 'none'}\\n`)";
  writeFileSync(join(folder, 'app.cjs'), app);
  await synthesize(folder, join(folder, 'out'), {}, { app: 'node app.cjs' });
  mkdirSync(join(folder, 'node_modules'));
  await synthesize(folder, join(folder, 'out'), {}, { app: 'node app.cjs' });
  expect(readFileSync(join(folder, 'caches'), 'utf8').trim().split('\n')).toEqual([
    'none',
    join(folder, 'node_modules/.cache/node-compile-cache'),
  ]);
});
