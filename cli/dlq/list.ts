import { styleText } from 'node:util';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { inParallel } from '../../ops/aws/in-parallel.ts';
import { type FailureQueue, shortNameOf } from '../../ops/dead-letters/failure-queue.ts';
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

interface ListOptions extends ConnectionOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `fanout dlq list`: the failure queues, their number of messages, and the age of the oldest. */
export function list(options: ListOptions): Promise<void> {
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
      console.log(format(listed, pipeline.stackName, options.all ?? false));
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

function format(listed: readonly Listed[], stackName: string, all: boolean): string {
  if (listed.length === 0) {
    return `The stack ${stackName} has no failure queues.`;
  }
  const queues = listed.map(({ queue }) => queue);
  const filled = listed.filter(
    ({ depth: { visible, inFlight, delayed } }) => visible + inFlight + delayed > 0,
  );
  const shown = all ? listed : filled;
  const rows = shown.map(({ queue, depth, oldest }) => [
    shortNameOf(queue, queues),
    depth.visible,
    depth.inFlight,
    depth.delayed,
    oldest ? `${oldest.isSample ? '≥ ' : ''}${formatAge(Date.now() - oldest.sentAt)}` : '-',
  ]);
  const header = ['queue', 'visible', 'in flight', 'delayed', 'oldest'];
  const empty = listed.length - shown.length;
  return [
    ...(rows.length > 0 ? [formatTable(header, rows), ''] : []),
    ...(filled.length === 0
      ? [styleText('green', `All ${listed.length} failure queues are empty.`)]
      : [
          ...(empty > 0
            ? [`${empty} empty ${empty === 1 ? 'queue is' : 'queues are'} not shown (--all).`]
            : []),
          'Show messages: fanout dlq show <queue>',
          'Move them back: fanout dlq redrive <queue>',
        ]),
  ].join('\n');
}
