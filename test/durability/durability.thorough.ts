import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore } from '@event-fanout/local-aws/store';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runTemplates } from '../../packages/local-aws/test/template/run-template.ts';
import { runRounds } from './rounds.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'fanout-data-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const queues = { App: { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } } };

describe('kill -9 under load', () => {
  test('every webhook that was answered 2xx was handled or is in a queue', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const { sent, handled, queued, ...rest } = await runRounds({ rounds: 3, seed });
    expect({ seed, ...rest }).toEqual({ seed, lost: [], causeless: [], drained: true });
    const inQueues = Object.values(queued).reduce((sum, count) => sum + count, 0);
    expect(handled + inQueues).toBeGreaterThanOrEqual(sent);
  });
});

describe('the data directory', () => {
  test('refuses a second run, and says what to do', async () => {
    const run = await runTemplates(queues, { dataDirectory: directory });
    const code = `import { openStore } from './packages/local-aws/src/store.ts'; openStore(process.argv[1]);`;
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const args = [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      code,
      directory,
    ];
    const second = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let printed = '';
    second.stderr.on('data', (chunk: Buffer) => {
      printed += chunk;
    });
    const [status] = await once(second, 'close');
    expect([status, printed]).toEqual([
      1,
      expect.stringMatching(/is in use by another local run. .*another directory/),
    ]);
    await run.close();
    await (await runTemplates(queues, { dataDirectory: directory })).close();
  });

  test('of another format is refused, and remains unchanged', () => {
    const other = join(directory, 'other');
    const store = openStore(other);
    store.db.exec('PRAGMA user_version = 99');
    store.close();
    for (let time = 0; time < 2; time += 1) {
      expect(() => openStore(other)).toThrow(
        /holds data of format 99; this version reads format \d+/,
      );
    }
  });
});
