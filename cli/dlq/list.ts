import { styleText } from 'node:util';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { inParallel } from '../../ops/aws/in-parallel.ts';
import type { FailureQueue } from '../../ops/dead-letters/failure-queue.ts';
import {
  type Depth,
  depthOf,
  findOldest,
  type Oldest,
} from '../../ops/dead-letters/queue-depth.ts';
import { formatAge } from '../../ops/duration.ts';
import { printableJson } from '../../ops/printable.ts';
import { formatTable } from '../terminal/table.ts';
import { withPipeline } from '../terminal/with-pipeline.ts';

interface Listed {
  readonly queue: FailureQueue;
  readonly depth: Depth;
  readonly oldest: Oldest | undefined;
}

/** `fanout dlq list`: the failure queues, their number of messages, and the age of the oldest. */
export function list(options: ConnectionOptions & { readonly json?: boolean }): Promise<void> {
  return withPipeline(options, async ({ access, pipeline, queues }) => {
    const listed = await inParallel(queues, async (queue): Promise<Listed> => {
      const oldest = await findOldest(access.sqs, queue);
      return { queue, depth: depthOf(queue), oldest };
    });
    if (options.json) {
      for (const each of listed) {
        console.log(printableJson(toRecord(each)));
      }
    } else {
      console.log(format(listed, pipeline.stackName));
    }
  });
}

function toRecord({ queue, depth, oldest }: Listed) {
  const { name, role, consumer } = queue;
  return {
    queue: name,
    role,
    consumer,
    ...depth,
    oldestSentAt: oldest && new Date(oldest.sentAt).toISOString(),
    oldestIsSample: oldest?.isSample,
  };
}

function format(listed: readonly Listed[], stackName: string): string {
  if (listed.length === 0) {
    return `The stack ${stackName} has no failure queues.`;
  }
  const rows = listed.map(({ queue, depth, oldest }) => [
    queue.name,
    queue.role,
    queue.consumer ?? '-',
    depth.visible,
    depth.inFlight,
    depth.delayed,
    oldest ? `${oldest.isSample ? '≥ ' : ''}${formatAge(Date.now() - oldest.sentAt)}` : '-',
  ]);
  const header = ['queue', 'role', 'consumer', 'visible', 'in flight', 'delayed', 'oldest'];
  const total = listed.reduce((sum, { depth }) => sum + depth.visible + depth.inFlight, 0);
  const summary =
    total === 0
      ? styleText('green', 'All failure queues are empty.')
      : `Show messages: "fanout dlq show <queue>". Move them back: "fanout dlq redrive <queue>".`;
  return `${formatTable(header, rows)}\n\n${summary}`;
}
