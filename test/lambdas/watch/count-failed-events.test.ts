import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { countFailedEvents } from '../../../lambdas/watch/counts.ts';

let counted: unknown[] = [];
let warned: unknown[] = [];
beforeEach(() => {
  counted = [];
  warned = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    counted.push(JSON.parse(String(line)).FailedEvents);
    return true;
  });
  jest.spyOn(console, 'warn').mockImplementation((line) => {
    warned.push(line);
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

const queues = { 'orders-dead-letters': 3, undeliverable: 0, unrouted: 1 };
const read = async (queue: string) => queues[queue as keyof typeof queues];

test('events in all queues are counted together, and the log names the queues', async () => {
  await countFailedEvents(Object.keys(queues), read);
  expect(counted).toEqual([4]);
  expect(warned).toEqual([
    { message: 'events have failed', queues: ['orders-dead-letters 3', 'unrouted 1'] },
  ]);
});

test('empty queues write no metric', async () => {
  await countFailedEvents(['undeliverable'], read);
  expect([counted, warned]).toEqual([[], []]);
});

test('if a queue cannot be read, the others are counted, and the function fails, which fires an alarm', async () => {
  const broken = async (queue: string) => {
    if (queue === 'undeliverable') {
      throw new Error('AccessDenied');
    }
    return read(queue);
  };
  await expect(countFailedEvents(Object.keys(queues), broken)).rejects.toThrow('AccessDenied');
  expect(counted).toEqual([4]);
});
