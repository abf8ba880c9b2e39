import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { AwsAccess } from '../aws/connect.ts';
import { isMissing } from '../aws/explain-error.ts';
import type { Bus, Pipeline } from '../aws/pipeline.ts';
import { batchSize } from '../dead-letters/message-receiver.ts';
import { closePost, openPost, renewals, renewLease } from './tail-queue.ts';

/** Options of {@link listen}. */
export interface Listening extends Following {
  /** Name of the rule and the queue. */
  readonly name: string;
  /** Event pattern, as JSON. */
  readonly pattern: string;
  readonly leaseMs: number;
  /** Called when the queue starts to receive events. */
  readonly onReady?: () => void;
}

/**
 * Receives events of a bus through a temporary rule and queue. Both are deleted when this returns or throws;
 * if the process is killed, they remain until the lease expires.
 */
export async function listen(access: AwsAccess, bus: Bus, listening: Listening): Promise<void> {
  const { leaseMs, signal } = listening;
  if (signal.aborted) {
    return;
  }
  const post = await openPost(access, bus, listening);
  const timer = setInterval(() => {
    // A deleted queue ends the loop by itself; other errors are retried at the next renewal.
    renewLease(access, post, leaseMs).catch((error) => isMissing(error));
  }, leaseMs / renewals);
  try {
    listening.onReady?.();
    await follow(access, post.queueUrl, listening);
  } finally {
    clearInterval(timer);
    await closePost(access, post);
  }
}

/** Options of {@link follow}. */
interface Following {
  /** Stops receiving. */
  readonly signal: AbortSignal;
  /** Called with each event as text, in order of arrival. Returns false to stop. */
  readonly onEvent: (text: string) => boolean;
}

/** Maximum time that SQS waits for a message (API reference, ReceiveMessage). */
const waitSeconds = 20;

/**
 * Number of concurrent receive calls: in AWS a call takes longer, and a busy bus fills the queue faster.
 */
const receivers = { local: 1, aws: 3 };

/**
 * Passes the messages of a queue to `onEvent` until it returns false or the signal aborts.
 *
 * @throws when the queue was deleted, because the lease had expired
 */
export async function follow(
  { sqs, isLocal }: { readonly sqs: SQSClient; readonly isLocal: boolean },
  queueUrl: string,
  { signal, onEvent }: Following,
): Promise<void> {
  const enough = new AbortController();
  const ended = AbortSignal.any([signal, enough.signal]);
  const receive = async () => {
    while (!ended.aborted) {
      for (const { Body = '' } of await take(sqs, queueUrl, ended)) {
        // Received events are shown even after the signal: they are no longer in the queue.
        if (!enough.signal.aborted && !onEvent(Body)) {
          enough.abort();
        }
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: receivers[isLocal ? 'local' : 'aws'] }, receive));
  } catch (error) {
    // The other receivers must not continue to print while the caller cleans up.
    enough.abort();
    if (!isMissing(error)) {
      throw error;
    }
    throw new Error(
      'The queue of this tail was deleted: its lease was not renewed for two minutes, so another command removed it. Start tail again.',
      { cause: error },
    );
  }
}

async function take(
  sqs: SQSClient,
  QueueUrl: string,
  abortSignal: AbortSignal,
): Promise<readonly Message[]> {
  try {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: batchSize,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
      { abortSignal },
    );
    if (Messages.length > 0) {
      await sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl,
          Entries: Messages.map(({ ReceiptHandle }, index) => ({
            Id: String(index),
            ReceiptHandle,
          })),
        }),
      );
    }
    return Messages.toSorted((a, b) => sentAt(a) - sentAt(b));
  } catch (error) {
    if (abortSignal.aborted) {
      return [];
    }
    throw error;
  }
}

const sentAt = ({ Attributes }: Message) => Number(Attributes?.SentTimestamp ?? 0);

/**
 * The bus of a pipeline.
 *
 * @throws when the stack has none, or several
 */
export function chooseBus({ buses, stackName }: Pipeline): Bus {
  const [only, another] = buses;
  if (only && !another) {
    return only;
  }
  throw new Error(
    only
      ? `The stack ${stackName} has several buses: ${buses.map(({ name }) => name).join(', ')}.`
      : `The stack ${stackName} has no bus of its own.`,
  );
}
