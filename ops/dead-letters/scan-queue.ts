import type { AwsAccess } from '../aws/connect.ts';
import { redrivePolicyOf } from '../aws/pipeline.ts';
import { type DeadLetterMessage, readMessage } from './dead-letter-message.ts';
import type { FailureQueue } from './failure-queue.ts';
import { batchSize, MessageReceiver } from './message-receiver.ts';

/** Options of a scan. */
export interface GoThroughOptions {
  /** @default - every message */
  readonly matches?: (deadLetter: DeadLetterMessage) => boolean;
  /** Maximum number of matching messages. @default - all */
  readonly limit?: number;
  /** Maximum number of messages received in one round. @default 80 */
  readonly roundSize?: number;
  /** Ends after the current round. */
  readonly signal?: AbortSignal;
  /** Called after each round with the number of messages read so far. */
  readonly onProgress?: (looked: number) => void;
}

/** The result of a scan. */
export interface GoneThrough {
  readonly looked: number;
  readonly matched: number;
  readonly interrupted: boolean;
  /** What ended it early; undefined when nothing did. */
  readonly error: unknown;
}

/** Enough in flight to keep SQS busy, few enough that Ctrl-C is obeyed at once. */
const defaultRoundSize = 80;

/**
 * Scans all messages of a queue once, in rounds. `handle` receives those that match and reports which
 * of them it has deleted; the others are visible again at the end. Never throws: an error is returned
 * together with the counts so far.
 *
 * A FIFO queue returns no message of a group while another one of it is in flight, so the messages of a group
 * after one that stays are not scanned.
 */
export async function goThrough(
  access: Pick<AwsAccess, 'sqs' | 'isLocal'>,
  queue: FailureQueue,
  options: GoThroughOptions,
  handle: (deadLetters: readonly DeadLetterMessage[], receiver: MessageReceiver) => Promise<void>,
): Promise<GoneThrough> {
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
        // A standard queue may return a message twice.
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
    // If this fails too, the messages become visible when their visibility timeout expires.
    await receiver.release().catch(() => {});
  }
  return { looked: seen.size, matched, interrupted: signal?.aborted ?? false, error: failure };
}

/** The maxReceiveCount of the queue that a message comes from: its attempts before SQS moved it here. */
function maxReceiveCounts({ sources }: FailureQueue) {
  const only = sources.length === 1 ? sources[0] : undefined;
  return (system: Readonly<Record<string, string>> = {}) => {
    const source = sources.find(({ arn }) => arn === system.DeadLetterQueueSourceArn) ?? only;
    return source && redrivePolicyOf(source)?.maxReceiveCount;
  };
}
