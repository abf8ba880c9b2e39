import type { Clock } from '../../clock.ts';
import type { QueueMessage, QueueSource } from './sqs-queue-source.ts';

/** SQS returns at most ten messages at once, and waits at most twenty seconds. */
export const maxMessagesPerReceive = 10;
const maxWaitSeconds = 20;

/** The event of one invocation: Lambda's limit on synchronous payloads. */
export const maxBatchBytes = 6 * 1024 * 1024;

/** How a batch is filled. */
export interface BatchOptions {
  readonly queueArn: string;
  readonly size: number;
  readonly windowSeconds: number;
}

/**
 * Reads the next batch of a queue: waits for the first message, and then, if there is a batching
 * window, until the batch is full, its messages reach 6 MB or the window is over
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching).
 * Empty when nothing came within one long poll, or `signal` aborted.
 */
export async function readBatch(
  queues: QueueSource,
  clock: Clock,
  { queueArn, size, windowSeconds }: BatchOptions,
  signal: AbortSignal,
): Promise<QueueMessage[]> {
  const messages: QueueMessage[] = [];
  const receive = async (waitSeconds: number, until: AbortSignal) => {
    const maxMessages = Math.min(maxMessagesPerReceive, size - messages.length);
    try {
      const options = { maxMessages, waitSeconds, signal: until };
      messages.push(...(await queues.receive(queueArn, options)));
    } catch (error) {
      if (!until.aborted) {
        throw error;
      }
    }
  };

  await receive(maxWaitSeconds, signal);
  if (messages.length === 0 || windowSeconds === 0) {
    return messages;
  }

  const window = new AbortController();
  const end = clock.now() + windowSeconds * 1000;
  const cancel = clock.after(windowSeconds * 1000, () => window.abort());
  const until = AbortSignal.any([signal, window.signal]);
  try {
    while (!until.aborted && messages.length < size && countBytes(messages) < maxBatchBytes) {
      const remaining = Math.ceil((end - clock.now()) / 1000);
      await receive(Math.min(maxWaitSeconds, Math.max(1, remaining)), until);
    }
  } finally {
    cancel();
  }
  return messages;
}

function countBytes(messages: readonly QueueMessage[]): number {
  return messages.reduce((bytes, { Body }) => bytes + Buffer.byteLength(Body), 0);
}
