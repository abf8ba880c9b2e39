import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const program = fileURLToPath(new URL('../../bin/fanout.ts', import.meta.url));

test('an output that cannot be written, as on a full disk, is one sentence and exit status 1', () => {
  const readOnly = openSync(program, 'r');
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, '--help'],
    { stdio: ['ignore', readOnly, 'pipe'], encoding: 'utf8' },
  );
  closeSync(readOnly);
  expect(stderr).toMatch(/^fanout: The output cannot be written: EBADF.*\n$/);
  expect(status).toBe(1);
});
