import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import {
  type AwsAccess,
  type ConnectionOptions,
  connect,
  inParallel,
} from '../../../ops/aws/connect.ts';
import { findOnlyStack, findPipeline, listResources } from '../../../ops/aws/find-pipeline.ts';
import type { Queue } from '../../../ops/aws/pipeline.ts';
import { lookAtFunctions, oldestAges } from '../../../ops/checks/check-queues.ts';
import { FlowCounter } from '../journal/flow-figures.ts';
import { Journal } from '../journal/journal.ts';
import { listenToBus } from './bus-feed.ts';
import type { ConsoleSource, QueueFigures } from './console-source.ts';
import { readFigures } from './local-source.ts';

/** Interval of GetQueueAttributes, which is a paid request: thirty queues every five seconds cost a cent an hour. */
const queuesEveryMs = 5_000;

/** Interval for ages, which CloudWatch has once a minute, and for functions, which change with deployments. */
const slowMs = 60_000;

/** Delay before the rule is deleted, so that it is not deleted and created again when a page is reloaded. */
const lingerMs = 20_000;

const caveat =
  'Connected to an AWS account: this console receives new events through its own rule and queue. What functions did with each event is in their logs, not here.';

/** Reads a stack in an AWS account with the caller's own credentials. Nothing is deployed for it. */
export function awsSource(options: ConnectionOptions): ConsoleSource {
  const journal = new Journal();
  const flow = new FlowCounter();
  let opened: AwsAccess | undefined;
  const access = () => {
    opened ??= connect(options);
    return opened;
  };
  const readers = remember(slowMs, () => findReaders(access()));
  let ages: { readonly at: number; readonly byArn: ReadonlyMap<string, number> } | undefined;
  let listening: ReturnType<typeof listenToBus> | undefined;
  let leaving: NodeJS.Timeout | undefined;

  const stop = async () => {
    clearTimeout(leaving);
    const ended = listening;
    listening = undefined;
    await ended?.stop();
  };
  return {
    ...{ mode: 'aws', journal, flow, stack: options.stack, caveat, queuesEveryMs, readers },
    access: async () => access(),
    async readQueues(queues) {
      const now = Date.now();
      if (!ages || now - ages.at > slowMs) {
        // Without permission to read metrics, the queues are shown without ages.
        const byArn = await oldestAges(access(), queues as readonly Queue[]).catch(() => new Map());
        ages = { at: now, byArn };
      }
      const { byArn } = ages;
      const found = await inParallel(queues, ({ url }) => readQueue(access(), url));
      return new Map(
        queues.flatMap(({ arn }, index): [string, QueueFigures][] => {
          const figures = found[index];
          if (!figures) {
            return [];
          }
          const age = figures.visible > 0 ? byArn.get(arn) : undefined;
          return [[arn, age === undefined ? figures : { ...figures, oldestAt: now - age }]];
        }),
      );
    },
    async watch() {
      clearTimeout(leaving);
      if (listening && !listening.hasEnded()) {
        return;
      }
      const pipeline = await findPipeline(access());
      listening = listenToBus(access(), pipeline, journal, flow);
    },
    async unwatch() {
      clearTimeout(leaving);
      leaving = setTimeout(() => void stop().catch(() => {}), lingerMs).unref();
    },
    async close() {
      await stop();
      opened?.close();
    },
  };
}

/** The name of the function that reads each queue, by the queue's ARN. */
async function findReaders(access: AwsAccess): Promise<ReadonlyMap<string, string>> {
  const stack = access.stack ?? (await findOnlyStack(access));
  const names = (await listResources(access, stack)).flatMap((resource) =>
    resource.ResourceType === 'AWS::Lambda::Function' ? (resource.PhysicalResourceId ?? []) : [],
  );
  const functions = await lookAtFunctions(access, names);
  return new Map(
    functions.flatMap(({ name, feeds }) =>
      feeds.map(({ queueArn }): [string, string] => [queueArn, name]),
    ),
  );
}

async function readQueue({ sqs }: AwsAccess, QueueUrl: string) {
  try {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
    return readFigures((await sqs.send(command)).Attributes ?? {});
  } catch {
    return undefined;
  }
}

/** Caches a result for a time. An error is not cached. */
function remember<Answer>(ms: number, ask: () => Promise<Answer>): () => Promise<Answer> {
  let known: { readonly at: number; readonly answer: Promise<Answer> } | undefined;
  return () => {
    if (known && Date.now() - known.at < ms) {
      return known.answer;
    }
    const answer = ask();
    known = { at: Date.now(), answer };
    answer.catch(() => {
      known = undefined;
    });
    return answer;
  };
}
