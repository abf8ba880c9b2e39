import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import {
  type EventSourceMappingConfiguration,
  GetFunctionConfigurationCommand,
  LambdaClient,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import type { FailureRole } from '../../events/names.ts';
import { type AwsAccess, inParallel } from '../aws/connect.ts';
import { type Pipeline, type Queue, redrivePolicyOf } from '../aws/pipeline.ts';
import {
  consumerOf,
  depthOf,
  type FailureQueue,
  findFailureQueues,
} from '../dead-letters/failure-queue.ts';
import { formatAge } from '../duration.ts';
import { tailPrefix } from '../tail/tail-queue.ts';
import { type Finding, findingsOn } from './finding.ts';

/** Data that the queue checks need beside the queues. */
interface QueueContext {
  /** Age of the oldest message in milliseconds, by the queue's ARN; missing if the queue is empty. */
  readonly ages: ReadonlyMap<string, number>;
  readonly functions: readonly FunctionLook[];
  readonly maxAgeMs: number;
}

/**
 * For a queue that no function reads (the user's own service polls it): the part of the retention
 * period after which waiting events are reported, because they will soon be deleted.
 */
const lateInRetention = 0.8;

/**
 * Checks each consumer with a queue: waiting and in-flight events, age of the oldest, dead-letter messages.
 */
export function checkConsumers(pipeline: Pipeline, context: QueueContext): readonly Finding[] {
  const ends = new Set(findFailureQueues(pipeline).map(({ arn }) => arn));
  return pipeline.queues
    .filter(({ arn, name }) => !ends.has(arn) && !name.startsWith(tailPrefix))
    .flatMap((queue) => {
      const { visible, inFlight, delayed } = depthOf(queue);
      const deadLetters = deadLettersOf(queue, pipeline);
      const reader = readerOf(queue, context.functions);
      const ageMs = visible + inFlight + delayed > 0 ? context.ages.get(queue.arn) : undefined;
      const name = consumerOf(queue);
      const limitMs =
        reader === undefined ? retentionMs(queue) * lateInRetention : context.maxAgeMs;
      const problems = [
        ...(ageMs !== undefined && ageMs > limitMs ? [tooOld(ageMs, reader)] : []),
        ...(deadLetters > 0
          ? [
              `Its dead-letter queue has ${count(deadLetters)}: fanout dlq show ${name} --group-by error`,
            ]
          : []),
      ];
      return findingsOn('consumer', name, problems, {
        waiting: visible,
        inFlight,
        delayed,
        oldestSeconds: ageMs === undefined ? undefined : Math.round(ageMs / 1_000),
        deadLetters,
        function: reader,
      });
    });
}

/** Checks the failure queues that belong to no single consumer: each should be empty. */
export function checkEnds(pipeline: Pipeline): readonly Finding[] {
  return findFailureQueues(pipeline)
    .filter(({ role }) => role !== 'dead-letters')
    .flatMap((queue) => {
      const held = heldIn(queue);
      const problems = held > 0 ? [`It holds ${count(held)}: ${advice[queue.role]}`] : [];
      return findingsOn('failure queue', queue.name, problems, { role: queue.role, holds: held });
    });
}

const advice: Readonly<Record<FailureRole, string>> = {
  'dead-letters': 'fanout dlq show',
  undeliverable: 'EventBridge could not reach a target. fanout dlq show undeliverable',
  unrouted: 'no consumer subscribes to it. fanout dlq show unrouted --group-by type',
  spill: 'PutEvents refused it; it is retried. fanout dlq show spill',
};

function deadLettersOf(queue: Queue, { queues }: Pipeline): number {
  const arn = redrivePolicyOf(queue)?.deadLetterArn;
  const end = queues.find((each) => each.arn === arn);
  return end ? heldIn(end) : 0;
}

const readerOf = ({ arn }: Queue, functions: readonly FunctionLook[]) =>
  functions.find(({ feeds }) => feeds.some(({ queueArn }) => queueArn === arn))?.name;

function heldIn(queue: Queue | FailureQueue): number {
  const { visible, inFlight, delayed } = depthOf(queue);
  return visible + inFlight + delayed;
}

/** The default retention of SQS is four days (API reference, MessageRetentionPeriod). */
const retentionMs = ({ attributes }: Queue) =>
  Number(attributes.MessageRetentionPeriod ?? 345_600) * 1_000;

const tooOld = (ageMs: number, reader: string | undefined) =>
  reader === undefined
    ? `Its oldest event is ${formatAge(ageMs)} old and will soon be deleted: no one reads the queue.`
    : `Its oldest event has waited for ${formatAge(ageMs)}: the log group of ${reader} says why.`;

const count = (number: number) => (number === 1 ? '1 event' : `${number} events`);

/**
 * SQS sends metrics to CloudWatch once a minute, with a delay: the last value may be this old, in
 * milliseconds.
 */
const windowMs = 15 * 60_000;

/** API reference, GetMetricData: "up to 500 MetricDataQuery structures". */
const maxQueries = 500;

/**
 * The age of the oldest message of each queue in milliseconds, by the queue's ARN; queues without a
 * CloudWatch metric are missing. SQS does not report it, and receiving a message to read its
 * timestamp would count as a delivery.
 */
export async function oldestAges(
  { clientSettings }: Pick<AwsAccess, 'clientSettings'>,
  queues: readonly Queue[],
): Promise<ReadonlyMap<string, number>> {
  const client = new CloudWatchClient(clientSettings);
  const ages = new Map<string, number>();
  try {
    for (let at = 0; at < queues.length; at += maxQueries) {
      const some = queues.slice(at, at + maxQueries);
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
        if (queue && latest !== undefined) {
          ages.set(queue.arn, latest * 1_000);
        }
      }
    }
    return ages;
  } finally {
    client.destroy();
  }
}

/** Query ids must begin with a-z. */
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

/** A function and its event source mappings. */
export interface FunctionLook {
  readonly name: string;
  /** `Active`, `Pending`, `Inactive` (not called for a long time) or `Failed`. */
  readonly state: string;
  /** `Successful`, `InProgress` or `Failed`. */
  readonly lastUpdate: string;
  readonly feeds: readonly Feed[];
}

/** An event source mapping, which invokes a function with the messages of a queue. */
interface Feed {
  readonly queueArn: string;
  /** `Enabled`, `Disabled`, or changing to one of them. */
  readonly state: string;
}

/** Reads the state of the functions with these names. */
export async function lookAtFunctions(
  { clientSettings }: Pick<AwsAccess, 'clientSettings'>,
  names: readonly string[],
): Promise<readonly FunctionLook[]> {
  const client = new LambdaClient(clientSettings);
  try {
    return await inParallel(names, async (FunctionName) => {
      const [{ State = 'Active', LastUpdateStatus = 'Successful' }, feeds] = await Promise.all([
        client.send(new GetFunctionConfigurationCommand({ FunctionName })),
        listFeeds(client, FunctionName),
      ]);
      return { name: FunctionName, state: State, lastUpdate: LastUpdateStatus, feeds };
    });
  } finally {
    client.destroy();
  }
}

async function listFeeds(client: LambdaClient, FunctionName: string): Promise<readonly Feed[]> {
  const found: EventSourceMappingConfiguration[] = [];
  for await (const page of paginateListEventSourceMappings({ client }, { FunctionName })) {
    found.push(...(page.EventSourceMappings ?? []));
  }
  return found.map(({ EventSourceArn = '', State = 'Enabled' }) => ({
    queueArn: EventSourceArn,
    state: State,
  }));
}

/** Checks the functions, both consumers and others. */
export function checkFunctions(functions: readonly FunctionLook[]): readonly Finding[] {
  return functions.flatMap(({ name, state, lastUpdate, feeds }) => {
    const stopped = feeds.filter((feed) => /^Disabl/.test(feed.state));
    const problems = [
      ...(state === 'Failed' ? ['It cannot run: aws lambda get-function says why.'] : []),
      ...(lastUpdate === 'Failed' ? ['Its last update failed: deploy again.'] : []),
      ...(stopped.length > 0
        ? ['It receives nothing from its queue: enable its event source mapping.']
        : []),
    ];
    return findingsOn('function', name, problems, { state, lastUpdate, stopped: stopped.length });
  });
}
