import type { FailureRole } from '../../../events/names.ts';
import { ownText } from '../../../events/own.ts';
import { inParallel } from '../../../ops/aws/connect.ts';
import type { DeadLetterMessage } from '../../../ops/dead-letters/dead-letter-message.ts';
import {
  describeMessage,
  groupMessages,
  type MessageDescription,
  type MessageGroup,
} from '../../../ops/dead-letters/describe-message.ts';
import {
  chooseQueue,
  depthOf,
  type FailureQueue,
  findFailureQueues,
  findOldest,
  UnknownQueueError,
} from '../../../ops/dead-letters/failure-queue.ts';
import { scanQueue } from '../../../ops/dead-letters/scan-queue.ts';
import type { ConsoleContext, Route } from '../console-context.ts';
import { BadRequest } from '../http/read-request.ts';
import type { JobStatus } from '../jobs.ts';
import type { Purged } from '../purges.ts';

/** A failure queue in the list. */
export interface FailureQueueAnswer {
  readonly name: string;
  readonly role: FailureRole;
  readonly consumer: string | undefined;
  readonly visible: number;
  readonly inFlight: number;
  readonly oldestAt: number | undefined;
  /** The last purge that can be undone. */
  readonly purged?: Purged;
  /** The redrive or purge that runs now. */
  readonly job?: JobStatus;
}

/** The messages of one failure queue. */
export interface MessagesAnswer {
  readonly queue: string;
  readonly groups: readonly CauseGroup[];
  readonly messages: readonly ListedMessage[];
  /** Number of messages; approximate, as SQS reports it, if there are more than are listed. */
  readonly depth: number;
}

/** Messages of one cause. */
export interface CauseGroup extends MessageGroup {
  /** Message and stack of the newest error, if they are known and may be shown. */
  readonly errorMessage?: string;
  readonly stack?: string;
}

/** A message, and the id of its event if the console has the event. */
export interface ListedMessage extends MessageDescription {
  readonly eventId?: string;
}

/** One message, in full. */
export interface MessageAnswer {
  readonly description: ListedMessage;
  /** The stack of the last error, if it is known and may be shown. */
  readonly stack?: string;
  /** The body in the queue; present only if personal content is shown. */
  readonly body?: string;
}

/** Maximum number of messages that are read and shown. */
const maxMessages = 500;

/** `GET end-queues`: the failure queues. */
export const listFailureQueues: Route = async ({
  view,
  purges,
  jobs,
}): Promise<readonly FailureQueueAnswer[]> => {
  const access = await view.access();
  const queues = findFailureQueues(await view.pipeline({ fresh: true }));
  return inParallel(queues, async (queue) => {
    const { visible, inFlight } = depthOf(queue);
    const oldest = await findOldest(access.sqs, queue);
    const { name, role, consumer } = queue;
    return {
      ...{ name, role, consumer, visible, inFlight, oldestAt: oldest?.sentAt },
      ...{ purged: purges.last(name), job: jobs.running(name) },
    };
  });
};

/** `GET messages?queue=`: the messages of one of them, by cause. Nothing is deleted. */
export const listMessages: Route = async (context, { query, reveal, signal }) => {
  const queue = await findFailureQueue(context, query.get('queue') ?? '');
  const { visible, inFlight } = depthOf(queue);
  const messages = await lookAt(context, queue, signal, maxMessages);
  const answer: MessagesAnswer = {
    queue: queue.name,
    groups: groupMessages(messages, 'error').map((group) => ({
      ...group,
      ...(reveal && lastErrorOf(context, group, messages)),
    })),
    messages: messages.map((message) => ({
      ...describeMessage(message, { reveal }),
      ...eventOf(context, message),
    })),
    // The figures of SQS also count what others have in flight; a complete list needs no figures.
    depth: messages.length < maxMessages ? messages.length : visible + inFlight,
  };
  return answer;
};

/** `GET message?queue=&id=`: one message, in full. */
export const showMessage: Route = async (
  context,
  { query, reveal, signal },
): Promise<MessageAnswer> => {
  const queue = await findFailureQueue(context, query.get('queue') ?? '');
  const message = await findMessage(context, queue, query.get('id') ?? '', signal);
  const { stack } = lastFailedStep(context, message) ?? {};
  return {
    description: {
      ...describeMessage(message, { full: true, reveal }),
      ...eventOf(context, message),
    },
    ...(reveal && stack !== undefined && { stack }),
    ...(reveal && { body: message.body }),
  };
};

function recordOf({ source }: ConsoleContext, { event }: DeadLetterMessage) {
  return source.journal.byEventId(ownText(event, 'id') ?? '');
}

function eventOf(context: ConsoleContext, message: DeadLetterMessage) {
  const record = recordOf(context, message);
  return record && { eventId: record.eventId };
}

/** The step with the error for which a message is in a failure queue, as far as a local run reports it. */
const lastFailedStep = (context: ConsoleContext, message: DeadLetterMessage) =>
  recordOf(context, message)?.steps.findLast(({ error }) => error);

/** Message and stack of the newest error of a group. */
function lastErrorOf(
  context: ConsoleContext,
  { name }: MessageGroup,
  messages: readonly DeadLetterMessage[],
): Pick<CauseGroup, 'errorMessage' | 'stack'> {
  for (const message of messages.toReversed()) {
    if (message.failure.error === name) {
      const { error, stack } = lastFailedStep(context, message) ?? {};
      const errorMessage = message.failure.message ?? error;
      if (errorMessage) {
        return { errorMessage, ...(stack !== undefined && { stack }) };
      }
    }
  }
  return {};
}

/** The failure queue of this name, as it is now. @throws BadRequest */
export async function findFailureQueue(
  { view }: ConsoleContext,
  name: string,
): Promise<FailureQueue> {
  try {
    return chooseQueue(findFailureQueues(await view.pipeline({ fresh: true })), name);
  } catch (error) {
    if (error instanceof UnknownQueueError) {
      throw new BadRequest(error.message, 404);
    }
    throw error;
  }
}

/** The message with this id. @throws BadRequest when the queue does not have it */
async function findMessage(
  context: ConsoleContext,
  queue: FailureQueue,
  id: string,
  signal: AbortSignal,
): Promise<DeadLetterMessage> {
  const [message] = await lookAt(context, queue, signal, 1, ({ messageId }) => messageId === id);
  if (message) {
    return message;
  }
  throw messageIsGone();
}

/** The response when a queue does not have a message. */
export const messageIsGone = () => new BadRequest('This message is no longer in the queue.', 404);

/** The last scan of each queue, by its ARN. */
const scans = new Map<string, Promise<unknown>>();

/** One scan of a queue at a time: what one has received, another could not see meanwhile. */
export function scanInTurn<Result>(
  { arn }: Pick<FailureQueue, 'arn'>,
  scan: () => Promise<Result>,
): Promise<Result> {
  const result = (scans.get(arn) ?? Promise.resolve()).then(scan);
  const over = result.then(
    () => {},
    () => {},
  );
  scans.set(arn, over);
  void over.then(() => {
    if (scans.get(arn) === over) {
      scans.delete(arn);
    }
  });
  return result;
}

const lookAt = (
  context: ConsoleContext,
  queue: FailureQueue,
  signal: AbortSignal,
  limit: number,
  matches?: (message: DeadLetterMessage) => boolean,
): Promise<readonly DeadLetterMessage[]> =>
  scanInTurn(queue, () => scanOnce(context, queue, signal, limit, matches));

async function scanOnce(
  { view }: ConsoleContext,
  queue: FailureQueue,
  signal: AbortSignal,
  limit: number,
  matches: ((message: DeadLetterMessage) => boolean) | undefined,
): Promise<readonly DeadLetterMessage[]> {
  const found: DeadLetterMessage[] = [];
  const access = await view.access();
  const options = { limit, signal, matches };
  const { error } = await scanQueue(access, queue, options, async (messages) => {
    found.push(...messages);
  });
  if (error !== undefined) {
    throw error;
  }
  return found.sort((a, b) => a.sentAt - b.sentAt);
}
