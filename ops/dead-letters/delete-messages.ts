import { DeleteMessageBatchCommand, PurgeQueueCommand } from '@aws-sdk/client-sqs';
import type { AwsAccess } from '../aws/connect.ts';
import { inParallel } from '../aws/in-parallel.ts';
import type { DeadLetterMessage } from './dead-letter-message.ts';
import type { FailureQueue } from './failure-queue.ts';
import { batchSize, chunk, type MessageReceiver } from './message-receiver.ts';
import { depthOf } from './queue-depth.ts';
import { goThrough } from './scan-queue.ts';

/** Which messages are deleted. */
export interface PurgeOptions {
  /** @default - every message */
  readonly matches?: (message: DeadLetterMessage) => boolean;
  /** @default - all */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (looked: number) => void;
}

/** What a purge has done. */
interface PurgeSummary {
  /** Deleted messages; approximate for a full purge. */
  readonly deleted: number;
  /** Messages whose deletion was not confirmed. */
  readonly undeleted: number;
  readonly unmatched: number;
  readonly interrupted: boolean;
  readonly error: unknown;
}

/** Deletes the messages of a queue that match, or everything in it. */
export async function purge(
  access: AwsAccess,
  queue: FailureQueue,
  options: PurgeOptions = {},
): Promise<PurgeSummary> {
  if (!options.matches && options.limit === undefined) {
    return purgeAll(access, queue);
  }
  let deleted = 0;
  let undeleted = 0;
  const through = await goThrough(access, queue, options, async (messages, receiver) => {
    const remaining = await deleteMessages(access, queue, messages, receiver);
    undeleted += remaining;
    deleted += messages.length - remaining;
  });
  const { looked, matched, interrupted, error } = through;
  return { deleted, undeleted, unmatched: looked - matched, interrupted, error };
}

/** One PurgeQueue call, which also deletes messages in flight. It takes up to a minute. */
async function purgeAll({ sqs }: AwsAccess, queue: FailureQueue): Promise<PurgeSummary> {
  const { visible, inFlight, delayed } = depthOf(queue);
  const rest = { undeleted: 0, unmatched: 0, interrupted: false };
  try {
    await sqs.send(new PurgeQueueCommand({ QueueUrl: queue.url }));
    return { ...rest, deleted: visible + inFlight + delayed, error: undefined };
  } catch (error) {
    if ((error as Error).name !== 'PurgeQueueInProgress') {
      return { ...rest, deleted: 0, error };
    }
    const busy = new Error(
      `${queue.name} was purged less than a minute ago, and AWS takes one purge a minute. Wait, or give a filter such as --since.`,
      { cause: error },
    );
    return { ...rest, deleted: 0, error: busy };
  }
}

/** Deletes messages from their queue. Returns how many AWS did not confirm; those may come again. */
export async function deleteMessages(
  { sqs }: Pick<AwsAccess, 'sqs'>,
  { url }: Pick<FailureQueue, 'url'>,
  messages: readonly DeadLetterMessage[],
  receiver: MessageReceiver,
): Promise<number> {
  const unconfirmed = await inParallel(chunk(messages, batchSize), async (batch) => {
    const Entries = batch.map(({ receiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
    }));
    try {
      const { Successful = [] } = await sqs.send(
        new DeleteMessageBatchCommand({ QueueUrl: url, Entries }),
      );
      receiver.drop(Successful.map(({ Id }) => batch[Number(Id)]?.receiptHandle ?? ''));
      return batch.length - Successful.length;
    } catch {
      return batch.length;
    }
  });
  return unconfirmed.reduce((sum, count) => sum + count, 0);
}
