import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { inParallel } from '../aws/connect.ts';

/** Maximum number of messages in one SQS call (SQS API reference, every `…Batch` action). */
export const batchSize = 10;

/** Options of {@link MessageReceiver}. */
interface ReceiverSettings {
  /**
   * Visibility timeout of a taken message in seconds. It is extended for as long as the message is held;
   * after a crash the message is visible again when the timeout has passed.
   *
   * @default 120
   */
  readonly visibilitySeconds?: number;
  /**
   * Seconds for which an empty response is retried. A short poll asks only some of SQS's servers (SQS
   * Developer Guide, "Short and long polling").
   *
   * @default 0: an empty answer means an empty queue
   */
  readonly timeoutSeconds?: number;
}

/**
 * Receives messages, which hides them, and makes those that are not deleted visible again, so that a queue
 * can be scanned once. Each scan counts as a receive. That is harmless in a failure queue: it has no redrive
 * policy, or, as the spill queue, one of a thousand receives.
 */
export class MessageReceiver {
  readonly #sqs: SQSClient;
  readonly #url: string;
  readonly #visibility: number;
  readonly #timeout: number;
  readonly #held = new Set<string>();
  #prolonging: NodeJS.Timeout | undefined;

  constructor(sqs: SQSClient, queueUrl: string, settings: ReceiverSettings = {}) {
    this.#sqs = sqs;
    this.#url = queueUrl;
    this.#visibility = settings.visibilitySeconds ?? 120;
    this.#timeout = settings.timeoutSeconds ?? 0;
  }

  /** Takes up to `count` messages with all their attributes; none when the queue has no more. */
  async take(count: number): Promise<Message[]> {
    this.#prolonging ??= setInterval(
      () => this.#changeVisibility([...this.#held], this.#visibility).catch(() => {}),
      (this.#visibility / 2) * 1000,
    ).unref();
    const calls = Array.from({ length: Math.ceil(count / batchSize) }, (_, index) =>
      Math.min(batchSize, count - index * batchSize),
    );
    // Waits for all calls, also when one fails: messages that the others receive must be released.
    const answers = await Promise.allSettled(calls.map((size) => this.#receive(size, 0)));
    const taken = answers.flatMap((answer) => {
      if (answer.status === 'rejected') {
        throw answer.reason;
      }
      return answer.value;
    });
    if (taken.length > 0 || this.#timeout === 0) {
      return taken;
    }
    return this.#receive(Math.min(batchSize, count), this.#timeout);
  }

  async #receive(count: number, waitSeconds: number): Promise<Message[]> {
    // Never aborted: SQS would hide messages that this process has not received.
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#url,
        MaxNumberOfMessages: count,
        WaitTimeSeconds: waitSeconds,
        VisibilityTimeout: this.#visibility,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    for (const { ReceiptHandle = '' } of Messages) {
      this.#held.add(ReceiptHandle);
    }
    return Messages;
  }

  /** Forgets messages that were deleted. */
  drop(receiptHandles: Iterable<string>): void {
    for (const handle of receiptHandles) {
      this.#held.delete(handle);
    }
  }

  /** Makes all messages visible again that were taken and not deleted. */
  async release(): Promise<void> {
    clearInterval(this.#prolonging);
    this.#prolonging = undefined;
    const handles = [...this.#held];
    this.#held.clear();
    await this.#changeVisibility(handles, 0);
  }

  /** A message that SQS refuses here is already visible, or deleted. */
  async #changeVisibility(handles: readonly string[], seconds: number): Promise<void> {
    await inParallel(chunk(handles, batchSize), (each) =>
      this.#sqs.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: this.#url,
          Entries: each.map((ReceiptHandle, index) => ({
            Id: String(index),
            ReceiptHandle,
            VisibilityTimeout: seconds,
          })),
        }),
      ),
    );
  }
}

/** Splits a list into parts of at most `size` items. */
export function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  const pieces: Item[][] = [];
  for (let at = 0; at < items.length; at += size) {
    pieces.push(items.slice(at, at + size));
  }
  return pieces;
}
