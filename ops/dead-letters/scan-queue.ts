import { DeleteMessageBatchCommand, PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { type AwsAccess, inParallel } from '../aws/connect.ts';
import { redrivePolicyOf } from '../aws/pipeline.ts';
import { type DeadLetterMessage, readMessage } from './dead-letter-message.ts';
import { depthOf, type FailureQueue } from './failure-queue.ts';
import { batchSize, chunk, MessageReceiver } from './message-receiver.ts';

/** Options of {@link scanQueue}. */
export interface ScanOptions {
  /** @default - every message */
  readonly matches?: (deadLetter: DeadLetterMessage) => boolean;
  /** Maximum number of matching messages. @default - all */
  readonly limit?: number;
  /** Maximum number of messages in one round. @default 80 */
  readonly roundSize?: number;
  /** Ends after the current round. */
  readonly signal?: AbortSignal;
  /** Called after each round with the number of messages read so far. */
  readonly onProgress?: (looked: number) => void;
}

/** Result of {@link scanQueue}. */
export interface ScanResult {
  readonly looked: number;
  readonly matched: number;
  readonly interrupted: boolean;
  /** The error that ended it early; undefined if there was none. */
  readonly error: unknown;
}

/** Large enough for several concurrent calls, small enough that Ctrl-C takes effect quickly. */
const defaultRoundSize = 80;

/**
 * Scans all messages of a queue once, in rounds. `handle` receives those that match and returns which of them
 * it has deleted; the others are visible again at the end. Never throws: an error is returned together with
 * the counts so far.
 *
 * A FIFO queue returns no message of a group while another message of the group is held, so that messages
 * behind one that stays are not scanned.
 */
export async function scanQueue(
  access: Pick<AwsAccess, 'sqs' | 'isLocal'>,
  queue: FailureQueue,
  options: ScanOptions,
  handle: (deadLetters: readonly DeadLetterMessage[], receiver: MessageReceiver) => Promise<void>,
): Promise<ScanResult> {
  const { matches = () => true, limit = Number.POSITIVE_INFINITY, signal, onProgress } = options;
  const isFifo = queue.name.endsWith('.fifo');
  const roundSize = isFifo ? batchSize : (options.roundSize ?? defaultRoundSize);
  const receiver = new MessageReceiver(access.sqs, queue.url, {
    timeoutSeconds: access.isLocal ? 0 : 1,
  });
  const attemptsOf = maxReceiveCounts(queue);
  const seen = new Set<string>();
  let matched = 0;
  let failure: unknown;
  try {
    while (!signal?.aborted && matched < limit) {
      const messages = await receiver.take(Math.min(roundSize, limit - matched));
      if (messages.length === 0) {
        break;
      }
      const deadLetters = messages
        .map((message) => readMessage(message, attemptsOf(message.Attributes)))
        // A standard queue may deliver a message twice.
        .filter(({ messageId }) => !seen.has(messageId) && seen.add(messageId));
      const matching = deadLetters.filter(matches);
      matched += matching.length;
      if (matching.length > 0) {
        await handle(matching, receiver);
      }
      onProgress?.(seen.size);
    }
  } catch (error) {
    failure = error;
  } finally {
    // If this fails too, the messages become visible when their visibility timeout has passed.
    await receiver.release().catch(() => {});
  }
  return { looked: seen.size, matched, interrupted: signal?.aborted ?? false, error: failure };
}

/**
 * The maxReceiveCount of the queue that a message comes from: its attempts before SQS moved it here.
 */
function maxReceiveCounts({ sources }: FailureQueue) {
  const only = sources.length === 1 ? sources[0] : undefined;
  return (system: Readonly<Record<string, string>> = {}) => {
    const source = sources.find(({ arn }) => arn === system.DeadLetterQueueSourceArn) ?? only;
    return source && redrivePolicyOf(source)?.maxReceiveCount;
  };
}

/** Options of {@link purge}. */
export interface PurgeOptions {
  /** @default - every message */
  readonly matches?: (message: DeadLetterMessage) => boolean;
  /** @default - all */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (looked: number) => void;
  /**
   * Receives messages before they are deleted; if it throws, they stay and the purge ends. With it the messages
   * are deleted one by one, and those that are in flight stay.
   */
  readonly beforeDelete?: (messages: readonly DeadLetterMessage[]) => void;
}

/** Result of a purge. */
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
  const { matches, limit, beforeDelete } = options;
  if (!matches && limit === undefined && !beforeDelete) {
    return purgeAll(access, queue);
  }
  let deleted = 0;
  let undeleted = 0;
  const through = await scanQueue(access, queue, options, async (messages, receiver) => {
    beforeDelete?.(messages);
    const remaining = await deleteMessages(access, queue, messages, receiver);
    undeleted += remaining;
    deleted += messages.length - remaining;
  });
  const { looked, matched, interrupted, error } = through;
  return { deleted, undeleted, unmatched: looked - matched, interrupted, error };
}

/** One PurgeQueue call, which also deletes messages in flight. SQS needs up to a minute for it. */
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

/**
 * Deletes messages from their queue. Returns how many deletions AWS did not confirm; those messages may be
 * delivered again.
 */
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
