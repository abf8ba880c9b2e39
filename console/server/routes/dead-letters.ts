import type { EndRole } from '../../../events/names.ts';
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
  type EndQueue,
  findEndQueues,
  findOldest,
  UnknownQueueError,
} from '../../../ops/dead-letters/failure-queue.ts';
import { scanQueue } from '../../../ops/dead-letters/scan-queue.ts';
import type { ConsoleContext, Route } from '../console-context.ts';
import { BadRequest } from '../http/read-json-body.ts';

/** A failure queue in the list. */
export interface EndQueueAnswer {
  readonly name: string;
  readonly role: EndRole;
  readonly consumer: string | undefined;
  readonly visible: number;
  readonly inFlight: number;
  readonly oldestAt: number | undefined;
}

/** The messages of one failure queue. */
export interface MessagesAnswer {
  readonly queue: string;
  readonly groups: readonly MessageGroup[];
  readonly messages: readonly MessageDescription[];
  /** About how many there are; SQS knows only approximately. */
  readonly depth: number;
}

/** One message, in full. */
export interface MessageAnswer {
  readonly description: MessageDescription;
  /** As it is in the queue; only where personal content is shown. */
  readonly body?: string;
}

/** Messages that are read and shown. */
const maxMessages = 500;

/** `GET end-queues`: the failure queues. */
export const listEndQueues: Route = async ({ view }): Promise<readonly EndQueueAnswer[]> => {
  const access = await view.access();
  const queues = findEndQueues(await view.pipeline({ fresh: true }));
  return inParallel(queues, async (queue) => {
    const { visible, inFlight } = depthOf(queue);
    const oldest = await findOldest(access.sqs, queue);
    const { name, role, consumer } = queue;
    return { name, role, consumer, visible, inFlight, oldestAt: oldest?.sentAt };
  });
};

/** `GET messages?queue=`: the messages of one of them, by cause. Nothing is deleted. */
export const listMessages: Route = async (context, { query, reveal, signal }) => {
  const queue = await findEndQueue(context, query.get('queue') ?? '');
  const messages = await lookAt(context, queue, signal, maxMessages);
  const answer: MessagesAnswer = {
    queue: queue.name,
    groups: groupMessages(messages, 'error'),
    messages: messages.map((message) => describeMessage(message, { reveal })),
    depth: depthOf(queue).visible,
  };
  return answer;
};

/** `GET message?queue=&id=`: one message, in full. */
export const showMessage: Route = async (
  context,
  { query, reveal, signal },
): Promise<MessageAnswer> => {
  const queue = await findEndQueue(context, query.get('queue') ?? '');
  const message = await findMessage(context, queue, query.get('id') ?? '', signal);
  return {
    description: describeMessage(message, { full: true, reveal }),
    ...(reveal && { body: message.body }),
  };
};

/** The failure queue of this name, as it is now. @throws BadRequest */
export async function findEndQueue({ view }: ConsoleContext, name: string): Promise<EndQueue> {
  try {
    return chooseQueue(findEndQueues(await view.pipeline({ fresh: true })), name);
  } catch (error) {
    if (error instanceof UnknownQueueError) {
      throw new BadRequest(error.message, 404);
    }
    throw error;
  }
}

/** The message with this id. @throws BadRequest when it is not there (any more) */
export async function findMessage(
  context: ConsoleContext,
  queue: EndQueue,
  id: string,
  signal: AbortSignal,
): Promise<DeadLetterMessage> {
  const [message] = await lookAt(context, queue, signal, 1, ({ messageId }) => messageId === id);
  if (message) {
    return message;
  }
  throw new BadRequest('This message is no longer in the queue.', 404);
}

async function lookAt(
  { view }: ConsoleContext,
  queue: EndQueue,
  signal: AbortSignal,
  limit: number,
  matches?: (message: DeadLetterMessage) => boolean,
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
