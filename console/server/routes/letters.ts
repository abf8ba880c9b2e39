import type { EndRole } from '../../../events/names.ts';
import { inParallel } from '../../../ops/aws/in-parallel.ts';
import type { Letter } from '../../../ops/dead-letters/dead-letter-message.ts';
import {
  describeLetter,
  groupLetters,
  type LetterDescription,
  type LetterGroup,
} from '../../../ops/dead-letters/describe-message.ts';
import {
  chooseQueue,
  type EndQueue,
  findEndQueues,
  UnknownQueueError,
} from '../../../ops/dead-letters/failure-queue.ts';
import { depthOf, findOldest } from '../../../ops/dead-letters/queue-depth.ts';
import { goThrough } from '../../../ops/dead-letters/scan-queue.ts';
import type { ConsoleContext, Route } from '../console-context.ts';
import { BadRequest } from '../http/read-json-body.ts';

/** An end queue in the list. */
export interface EndQueueAnswer {
  readonly name: string;
  readonly role: EndRole;
  readonly consumer: string | undefined;
  readonly visible: number;
  readonly inFlight: number;
  readonly oldestAt: number | undefined;
}

/** What is in one end queue. */
export interface LettersAnswer {
  readonly queue: string;
  readonly groups: readonly LetterGroup[];
  readonly letters: readonly LetterDescription[];
  /** About how many there are; SQS knows only approximately. */
  readonly depth: number;
}

/** One letter, whole. */
export interface LetterAnswer {
  readonly description: LetterDescription;
  /** As it lies in the queue; only with what is personal. */
  readonly body?: string;
}

/** Letters that are looked at and shown. */
const maxMessages = 500;

/** `GET end-queues`: the queues that wait for a person. */
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

/** `GET letters?queue=`: what is in one of them, by cause, without taking it out. */
export const listLetters: Route = async (context, { query, reveal, signal }) => {
  const queue = await findEndQueue(context, query.get('queue') ?? '');
  const letters = await lookAt(context, queue, signal, maxMessages);
  const answer: LettersAnswer = {
    queue: queue.name,
    groups: groupLetters(letters, 'error'),
    letters: letters.map((letter) => describeLetter(letter, { reveal })),
    depth: depthOf(queue).visible,
  };
  return answer;
};

/** `GET letter?queue=&id=`: one letter, whole. */
export const showLetter: Route = async (
  context,
  { query, reveal, signal },
): Promise<LetterAnswer> => {
  const queue = await findEndQueue(context, query.get('queue') ?? '');
  const letter = await findLetter(context, queue, query.get('id') ?? '', signal);
  return {
    description: describeLetter(letter, { full: true, reveal }),
    ...(reveal && { body: letter.body }),
  };
};

/** The end queue of this name, as it is now. @throws BadRequest */
export async function findEndQueue({ view }: ConsoleContext, name: string): Promise<EndQueue> {
  try {
    return chooseQueue(findEndQueues(await view.pipeline({ fresh: true })), name);
  } catch (error) {
    if (error instanceof UnknownQueueError) throw new BadRequest(error.message, 404);
    throw error;
  }
}

/** The letter with this id. @throws BadRequest when it is not there (any more) */
export async function findLetter(
  context: ConsoleContext,
  queue: EndQueue,
  id: string,
  signal: AbortSignal,
): Promise<Letter> {
  const [letter] = await lookAt(context, queue, signal, 1, ({ messageId }) => messageId === id);
  if (letter) return letter;
  throw new BadRequest('This letter is not in the queue any more.', 404);
}

async function lookAt(
  { view }: ConsoleContext,
  queue: EndQueue,
  signal: AbortSignal,
  limit: number,
  matches?: (letter: Letter) => boolean,
): Promise<readonly Letter[]> {
  const found: Letter[] = [];
  const access = await view.access();
  const options = { limit, signal, matches };
  const { error } = await goThrough(access, queue, options, async (letters) => {
    found.push(...letters);
  });
  if (error !== undefined) throw error;
  return found.sort((a, b) => a.sentAt - b.sentAt);
}
