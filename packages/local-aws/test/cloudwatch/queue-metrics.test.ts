import { expect, test } from '@jest/globals';
import { QueueMetrics } from '../../src/cloudwatch/queue-metrics.ts';

const clock = { now: () => 100_000, after: () => () => {} };
const place = { region: 'us-east-1', accountId: '000000000000' };

const metrics = new QueueMetrics(
  (arn) => {
    if (arn === 'arn:aws:sqs:us-east-1:000000000000:orders') {
      return [{ sentAt: 88_000 }];
    }
    if (arn === 'arn:aws:sqs:us-east-1:000000000000:empty') {
      return [];
    }
    throw new Error('no such queue');
  },
  place,
  clock,
);

const ask = async (queue: string, more: object = {}) => {
  const Metric = {
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    Dimensions: [{ Name: 'QueueName', Value: queue }],
    ...more,
  };
  const input = { MetricDataQueries: [{ Id: 'a', MetricStat: { Metric } }] };
  const { MetricDataResults } = await metrics.call('GetMetricData', input);
  return (MetricDataResults as { Values: number[] }[])[0]?.Values;
};

test('the age of a queue’s oldest message is in seconds', async () => {
  expect(await ask('orders')).toEqual([12]);
  expect(await ask('empty')).toEqual([0]);
});

test('a queue that does not exist, and any other metric, has no data', async () => {
  expect(await ask('gone')).toEqual([]);
  expect(await ask('orders', { MetricName: 'NumberOfMessagesSent' })).toEqual([]);
  expect(await ask('orders', { Namespace: 'AWS/Lambda' })).toEqual([]);
});

test('invalid requests and unknown actions are refused', async () => {
  await expect(metrics.call('GetMetricData', {})).rejects.toThrow(/at most 500/);
  await expect(metrics.call('PutMetricData', {})).rejects.toThrow(
    /does not have the action PutMetricData/,
  );
});
