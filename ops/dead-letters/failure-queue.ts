import { ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type FailureRole, failureRoles, queueTags } from '../../events/names.ts';
import { describeUnknownName } from '../../events/nearest-name.ts';
import { type Pipeline, type Queue, redrivePolicyOf } from '../aws/pipeline.ts';
import { batchSize } from './message-receiver.ts';

/** A failure queue: its messages stay until a person handles them. */
export interface FailureQueue extends Queue {
  readonly role: FailureRole;
  /** The consumer of a dead-letter queue. Undefined for the other roles, and if unknown. */
  readonly consumer: string | undefined;
  /** The queues that have this one as their dead-letter queue. */
  readonly sources: readonly Queue[];
  /** The bus that unrouted and spilled events belong to; undefined if unknown. */
  readonly busName: string | undefined;
}

/**
 * The failure queues of a pipeline. A tag states a queue's role; without one, the role is derived from
 * the redrive policies and rule targets that name the queue, so that a user's own queues are found too.
 * The last two roles can only be derived from the name that the stack assigns.
 */
export function findFailureQueues(pipeline: Pipeline): readonly FailureQueue[] {
  return pipeline.queues
    .flatMap((queue): FailureQueue[] => {
      const sources = pipeline.queues.filter(
        (other) => redrivePolicyOf(other)?.deadLetterArn === queue.arn,
      );
      const role = tagOf(queue, queueTags.role) ?? structuralRole(queue, sources, pipeline);
      if (!isFailureRole(role)) {
        return [];
      }
      const consumer = role === 'dead-letters' ? consumerOfEnd(queue, sources) : undefined;
      return [{ ...queue, role, consumer, sources, busName: busOf(queue, pipeline) }];
    })
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

/** The name of the consumer that reads a queue, as users know it. */
export function consumerOf(queue: Queue): string {
  return tagOf(queue, queueTags.consumer) ?? queue.name;
}

function consumerOfEnd(queue: Queue, sources: readonly Queue[]): string | undefined {
  const names = new Set(sources.map(consumerOf));
  return tagOf(queue, queueTags.consumer) ?? (names.size === 1 ? [...names][0] : undefined);
}

function structuralRole(
  { arn, name }: Queue,
  sources: readonly Queue[],
  { rules }: Pipeline,
): FailureRole | undefined {
  if (sources.length > 0) {
    return 'dead-letters';
  }
  const isDeadLetterQueue = rules.some(({ targets }) =>
    targets.some(({ DeadLetterConfig }) => DeadLetterConfig?.Arn === arn),
  );
  if (isDeadLetterQueue) {
    return 'undeliverable';
  }
  return (['unrouted', 'spill'] as const).find((role) => name.endsWith(`-${role}`));
}

function busOf({ arn }: Queue, { rules, buses }: Pipeline): string | undefined {
  const names = new Set(
    rules.filter(({ targets }) => targets.some(({ Arn }) => Arn === arn)).map((r) => r.busName),
  );
  const candidates = names.size > 0 ? [...names] : buses.map(({ name }) => name);
  return candidates.length === 1 ? candidates[0] : undefined;
}

const tagOf = ({ tags }: Queue, name: string) =>
  Object.hasOwn(tags, name) ? tags[name] : undefined;
const isFailureRole = (role: string | undefined): role is FailureRole =>
  failureRoles.some((each) => each === role);
const rank = ({ role }: FailureQueue) => failureRoles.indexOf(role);

/** Thrown for a queue name that does not exist: wrong usage of the command. */
export class UnknownQueueError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnknownQueueError';
  }
}

/**
 * The failure queue with this name, URL or ARN, or the dead-letter queue of this consumer, or the queue
 * of this role.
 *
 * @throws UnknownQueueError when there is none, or more than one: lists them
 */
export function chooseQueue(queues: readonly FailureQueue[], given: string): FailureQueue {
  const schemes: readonly ((queue: FailureQueue) => boolean)[] = [
    ({ name, url, arn }) => [name, url, arn].includes(given),
    ({ consumer }) => consumer === given,
    ({ role, name }) => role === given && name.endsWith(`-${given}`),
    ({ role }) => role === given,
    // `messages`, as in the README, is the queue `whatsapp-dev-messages-dead-letters`.
    ({ name }) => name.endsWith(`-${given}-dead-letters`),
  ];
  for (const isMeant of schemes) {
    const found = queues.filter(isMeant);
    if (found.length > 1) {
      throw new UnknownQueueError(
        `"${given}" is more than one queue: ${namesOf(found)}. Name one.`,
      );
    }
    if (found[0]) {
      return found[0];
    }
  }
  throw new UnknownQueueError(
    describeUnknownName(
      'failure queue',
      given,
      queues.map((queue) => shortNameOf(queue, queues)),
    ),
  );
}

/** The shortest name by which {@link chooseQueue} finds a queue: its consumer, its role, or its full name. */
export function shortNameOf(queue: FailureQueue, queues: readonly FailureQueue[]): string {
  const names = queue.role === 'dead-letters' ? [queue.consumer] : [queue.role];
  return names.find((name) => name !== undefined && isOnly(queue, name, queues)) ?? queue.name;
}

function isOnly(queue: FailureQueue, name: string, queues: readonly FailureQueue[]): boolean {
  try {
    return chooseQueue(queues, name) === queue;
  } catch {
    return false;
  }
}

const namesOf = (queues: readonly FailureQueue[]) => queues.map(({ name }) => name).join(', ');

/** Number of messages in a queue by state. Approximate, as in SQS. */
export interface Depth {
  readonly visible: number;
  /** Received and not yet deleted. */
  readonly inFlight: number;
  readonly delayed: number;
}

/** Reads the depth from a queue's attributes. */
export function depthOf({ attributes }: Queue): Depth {
  return {
    visible: Number(attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(attributes.ApproximateNumberOfMessagesDelayed ?? 0),
  };
}

/** The oldest message that was found in a queue. */
export interface Oldest {
  /** Epoch milliseconds. */
  readonly sentAt: number;
  /** Whether only some messages were read, so that another one may be older. */
  readonly isSample: boolean;
}

/** A queue with a smaller maxReceiveCount is not sampled, since each read counts as a receive. */
const manyReceives = 100;

/**
 * The oldest of a sample of messages; undefined when none is visible. No API returns the age of the
 * oldest message, and CloudWatch reports it with delay. The messages stay visible.
 */
export async function findOldest(sqs: SQSClient, queue: Queue): Promise<Oldest | undefined> {
  const { visible } = depthOf(queue);
  const { maxReceiveCount = manyReceives } = redrivePolicyOf(queue) ?? {};
  if (visible === 0 || maxReceiveCount < manyReceives) {
    return undefined;
  }
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queue.url,
      MaxNumberOfMessages: batchSize,
      VisibilityTimeout: 0,
      WaitTimeSeconds: 0,
      MessageSystemAttributeNames: ['SentTimestamp'],
    }),
  );
  const times = Messages.map(({ Attributes }) => Number(Attributes?.SentTimestamp)).filter(Boolean);
  if (times.length === 0) {
    return undefined;
  }
  return { sentAt: Math.min(...times), isSample: times.length < visible };
}
