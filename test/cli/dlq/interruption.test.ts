import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fill } from '../../ops/dead-letters/example-messages.ts';
import { openShell, type Shell } from '../shell.ts';

const deadLetters = 'whatsapp-dev-messages-dead-letters';

describe('fanout dlq', () => {
  let shell: Shell;
  beforeEach(async () => {
    shell = await openShell();
  });
  afterEach(() => shell.close());

  test('interrupted by Ctrl-C finishes the current round, makes the other messages visible again and ends with 130', async () => {
    const { pipeline, audit, states } = shell;
    await fill(
      pipeline,
      deadLetters,
      Array.from({ length: 300 }, (_, index) => `${index}`),
    );
    const program = fileURLToPath(new URL('../../../bin/fanout.ts', import.meta.url));
    // Five minutes of work: it cannot be done before it is interrupted.
    const words = ['dlq', 'redrive', 'messages', '--rate', '1', '--audit', audit, '--json'];
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        program,
        ...words,
        '--endpoint',
        pipeline.run.awsEndpoint,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const output: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => output.push(data));
    const exit = once(child, 'exit');
    while ((await pipeline.depth('whatsapp-dev-messages')) === 0) {
      await sleep(20);
    }
    child.kill('SIGINT');
    expect(await exit).toEqual([130, null]);
    const { moved, interrupted } = JSON.parse(Buffer.concat(output).toString()) as Record<
      string,
      unknown
    >;
    expect(interrupted).toBe(true);
    expect(await pipeline.depth('whatsapp-dev-messages')).toBe(moved);
    expect(states(deadLetters)).not.toContain('inFlight');
    expect(await pipeline.depth(deadLetters)).toBe(300 - Number(moved));
  });
});
