import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { count, measure } from '../../../lambdas/runtime/count.ts';

let lines: Record<string, unknown>[] = [];
beforeEach(() => {
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(JSON.parse(String(line)));
    return true;
  });
});
afterEach(() => {
  delete process.env.STAGE;
  jest.restoreAllMocks();
});

test('a count is one line in embedded metric format, with the stage as a dimension, and with other fields', () => {
  process.env.STAGE = 'prod';
  count('Accepted', 2, { Result: 'new' }, { type: 'message' }, () => 1_000);
  expect(lines).toEqual([
    {
      _aws: {
        Timestamp: 1_000,
        CloudWatchMetrics: [
          {
            Namespace: 'WhatsAppEventFanout',
            Dimensions: [['Stage', 'Result']],
            Metrics: [{ Name: 'Accepted', Unit: 'Count' }],
          },
        ],
      },
      Stage: 'prod',
      Result: 'new',
      type: 'message',
      Accepted: 2,
    },
  ]);
});

test('up to 100 measurements are in one line, and without any there is no line', () => {
  const times = Array.from({ length: 250 }, (_, index) => index);
  measure('Latency', times, { Consumer: 'orders' }, { requestIds: ['a'] });
  expect(lines.map(({ Latency }) => (Latency as number[]).length)).toEqual([100, 100, 50]);
  expect(lines.flatMap(({ Latency }) => Latency)).toEqual(times);
  expect(lines.flatMap(({ requestIds }) => requestIds ?? [])).toEqual(['a']);
  lines = [];
  measure('Latency', [], { Consumer: 'orders' });
  expect(lines).toEqual([]);
});
