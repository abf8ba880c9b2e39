import { isAbsolute, relative } from 'node:path';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import { type ConnectionOptions, inParallel } from '../../ops/aws/connect.ts';
import { explainError } from '../../ops/aws/explain-error.ts';
import type { DeadLetterMessage } from '../../ops/dead-letters/dead-letter-message.ts';
import {
  describeMessage,
  type Grouping,
  groupMessages,
  type MessageDescription,
  type MessageGroup,
  type ShownParts,
} from '../../ops/dead-letters/describe-message.ts';
import {
  type Depth,
  depthOf,
  type FailureQueue,
  findOldest,
  type Oldest,
  shortNameOf,
} from '../../ops/dead-letters/failure-queue.ts';
import { scanQueue } from '../../ops/dead-letters/scan-queue.ts';
import { formatAge } from '../../ops/duration.ts';
import { createFilter } from '../../ops/event-filter.ts';
import { printable, printableJson } from '../../ops/printable.ts';
import { exitStatus } from '../exit-status.ts';
import { listenForInterruption } from '../terminal/interruption.ts';
import { type FilterOptions, readFilter } from '../terminal/options.ts';
import { createProgress, noProgress } from '../terminal/progress.ts';
import { formatTable, wrap } from '../terminal/table.ts';
import { withPipeline, withQueue } from '../terminal/with-pipeline.ts';

interface ShowOptions extends ConnectionOptions, FilterOptions, ShownParts {
  readonly limit: number;
  readonly groupBy?: Grouping;
  readonly json?: boolean;
}

/** The part of a message that is kept in memory until all are read; all bodies of a long queue would be too large. */
interface Shown {
  readonly message: Pick<DeadLetterMessage, 'type' | 'session' | 'failure' | 'sentAt'>;
  readonly description: MessageDescription;
}

/** `fanout dlq show`: shows the messages of a queue and leaves them there. */
export function show(given: string, options: ShowOptions, command: Command): Promise<void> {
  return withQueue(given, options, command, async ({ access, queue }) => {
    const interruption = listenForInterruption();
    const shown: Shown[] = [];
    const total = Math.min(options.limit, depthOf(queue).visible);
    const isLong = total > 1_000 && !options.json;
    const progress = isLong ? createProgress('messages', total) : noProgress;
    const { interrupted, error, looked } = await scanQueue(
      access,
      queue,
      {
        matches: createFilter(readFilter(options)),
        limit: options.limit,
        signal: interruption.signal,
        onProgress: (looked) => progress.show(looked),
      },
      async (messages) => {
        for (const message of messages) {
          const { type, session, failure, sentAt } = message;
          const description = describeMessage(message, options);
          shown.push({ message: { type, session, failure, sentAt }, description });
        }
      },
    );
    interruption.release();
    progress.end();
    shown.sort((a, b) => a.message.sentAt - b.message.sentAt);
    const text = format(shown, options);
    if (text) {
      console.log(text);
    }
    const depth = depthOf(queue).visible;
    if (!options.json && shown.length >= options.limit && depth > looked) {
      console.error(`\nThere are about ${depth - looked} more. Raise --limit to see them.`);
    }
    if (interrupted) {
      process.exitCode = exitStatus.interrupted;
    }
    if (error !== undefined) {
      throw explainError(error);
    }
  });
}

function format(shown: readonly Shown[], { groupBy, json, full, reveal }: ShowOptions): string {
  if (shown.length === 0) {
    return json ? '' : 'Nothing to show.';
  }
  const descriptions = shown.map(({ description }) => description);
  if (groupBy) {
    const groups = groupMessages(
      shown.map(({ message }) => message),
      groupBy,
    );
    return json ? groupsAsJson(groupBy, groups) : formatGroups(groupBy, groups);
  }
  if (!json && !full) {
    const isHidden = !reveal && shown.some(({ message }) => message.failure.message !== undefined);
    return (
      formatMessages(descriptions) + (isHidden ? '\n\n--reveal shows the error messages.' : '')
    );
  }
  return descriptions.map((each) => printableJson(each, json ? undefined : 2)).join('\n');
}

/** Messages as a table, one line each, followed by the error messages. */
function formatMessages(messages: readonly MessageDescription[], now = Date.now()): string {
  const rows = messages.map((message) => [
    formatAge(now - Date.parse(message.sentAt)),
    printable(message.type ?? '-', 40),
    printable(message.session ?? '-', 24),
    printable(message.chat ?? '-', 32),
    String(message.attempts ?? '-'),
    printable(message.error),
  ]);
  const table = formatTable(['age', 'event', 'session', 'chat', 'attempts', 'error'], rows);
  return [table, ...errorsOf(messages)].join('\n\n');
}

/** Each distinct error with the place where it was thrown and, if revealed, its message. */
function errorsOf(messages: readonly MessageDescription[]): readonly string[] {
  const said = messages.filter(
    ({ errorMessage, errorAt }) => errorMessage !== undefined || errorAt !== undefined,
  );
  const groups = Map.groupBy(said, ({ error, errorMessage, errorAt }) =>
    JSON.stringify([error, errorMessage, errorAt]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) {
      return [];
    }
    const { error, errorMessage, errorAt } = first;
    const message = errorMessage === undefined ? '' : `: ${printable(errorMessage, 500)}`;
    const times = group.length > 1 ? ` (${group.length} times)` : '';
    return [
      [
        wrap(`${printable(error)}${message}${times}`, 2),
        ...(errorAt === undefined ? [] : [`  at ${printable(fromHere(errorAt), 200)}`]),
      ].join('\n'),
    ];
  });
}

/** A path on this machine, relative to the working directory; any other path unchanged. */
function fromHere(place: string): string {
  const path = relative('.', place);
  return isAbsolute(place) && !path.startsWith('..') ? path : place;
}

/** Groups as a table, one line each. */
function formatGroups(by: string, groups: readonly MessageGroup[], now = Date.now()): string {
  const rows = groups.map(({ name, count, oldest, newest }) => [
    printable(name),
    count,
    formatAge(now - oldest),
    formatAge(now - newest),
  ]);
  return formatTable([by, 'messages', 'oldest', 'newest'], rows);
}

/** Groups as NDJSON, as `--json` gives them. */
function groupsAsJson(by: string, groups: readonly MessageGroup[]): string {
  const iso = (ms: number) => new Date(ms).toISOString();
  return groups
    .map(({ name, count, oldest, newest }) =>
      printableJson({ [by]: name, count, oldest: iso(oldest), newest: iso(newest) }),
    )
    .join('\n');
}

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
      console.log(formatQueues(listed, pipeline.stackName, options.all ?? false));
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

function formatQueues(listed: readonly Listed[], stackName: string, all: boolean): string {
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
