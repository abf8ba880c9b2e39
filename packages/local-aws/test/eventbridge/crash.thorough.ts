import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { SteppedClock, systemClock } from '../../src/clock.ts';
import { openStore } from '../../src/store.ts';
import { newPipeline } from './pipeline.ts';

const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

/** Publishes in a child process, kills it, and returns the numbers of the accepted events. */
async function publishUntilKilled(directory: string, accepted: number): Promise<number[]> {
  const args = ['--disable-warning=ExperimentalWarning', child, directory];
  const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const chunk of running.stdout) {
    printed += String(chunk);
    if (printed.split('\n').length > accepted) {
      running.kill('SIGKILL');
    }
  }
  return printed.split('\n').slice(0, -1).map(Number);
}

test('kill -9 at any moment loses and doubles no accepted event', async () => {
  for (const accepted of [1, 20, 150]) {
    const directory = mkdtempSync(join(tmpdir(), 'eventbridge-crash-'));
    try {
      const numbers = await publishUntilKilled(directory, accepted);
      expect(numbers.length).toBeGreaterThanOrEqual(accepted);
      const store = openStore(directory);
      const pipeline = await newPipeline(store, systemClock());
      const all = pipeline.numbersIn('a');
      // The process may have accepted one event more than it printed.
      expect([numbers, [...numbers, numbers.length]]).toContainEqual(all);
      expect(pipeline.numbersIn('b')).toEqual(all);
      expect(pipeline.numbersIn('dead')).toEqual(all);
      expect(pipeline.eventBridge.pending()).toBe(0);
      store.close();
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
});

test('a real queue gets events with their trace header, and dead-letter messages with their attributes', async () => {
  const store = openStore();
  const pipeline = await newPipeline(store, new SteppedClock());
  await pipeline.put(7);
  expect(await pipeline.receive('a')).toMatchObject([
    { Body: expect.stringContaining('"n":7'), Attributes: { AWSTraceHeader: 'Root=7' } },
  ]);
  const text = (StringValue: unknown) => ({ DataType: 'String', StringValue });
  expect(await pipeline.receive('dead')).toMatchObject([
    {
      Body: expect.stringContaining('"n":7'),
      MessageAttributes: {
        RULE_ARN: text('arn:aws:events:eu-west-1:123456789012:rule/c'),
        TARGET_ARN: text('arn:aws:sqs:eu-west-1:123456789012:c'),
        ERROR_CODE: text('NO_RESOURCE'),
        ERROR_MESSAGE: text(expect.any(String)),
        RETRY_ATTEMPTS: text('0'),
      },
    },
  ]);
  store.close();
});
