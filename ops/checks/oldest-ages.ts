import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import type { AwsAccess } from '../aws/connect.ts';
import type { Queue } from '../aws/pipeline.ts';

/** CloudWatch gets a queue's metrics once a minute, and late: the last one may be this old. */
const windowMs = 15 * 60_000;

/** API reference, GetMetricData: "up to 500 MetricDataQuery structures". */
const mostQueries = 500;

/**
 * How long the oldest message of each queue has been there, in milliseconds, by the queue's ARN; a
 * queue that CloudWatch knows nothing of is missing. SQS itself does not tell it, and to receive a
 * message for its time would count as a delivery.
 */
export async function oldestAges(
  { clientSettings }: Pick<AwsAccess, 'clientSettings'>,
  queues: readonly Queue[],
): Promise<ReadonlyMap<string, number>> {
  const client = new CloudWatchClient(clientSettings);
  const ages = new Map<string, number>();
  try {
    for (let at = 0; at < queues.length; at += mostQueries) {
      const some = queues.slice(at, at + mostQueries);
      const { MetricDataResults = [] } = await client.send(
        new GetMetricDataCommand({
          StartTime: new Date(Date.now() - windowMs),
          EndTime: new Date(Date.now() + 60_000),
          ScanBy: 'TimestampDescending',
          MetricDataQueries: some.map(queryFor),
        }),
      );
      for (const { Id = '', Values: [latest] = [] } of MetricDataResults) {
        const queue = some[Number(Id.slice(1))];
        if (queue && latest !== undefined) ages.set(queue.arn, latest * 1_000);
      }
    }
    return ages;
  } finally {
    client.destroy();
  }
}

/** Ids must begin with a lower-case letter. */
const queryFor = ({ name }: Queue, index: number): MetricDataQuery => ({
  Id: `q${index}`,
  MetricStat: {
    Metric: {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: [{ Name: 'QueueName', Value: name }],
    },
    Period: 60,
    Stat: 'Maximum',
  },
});
