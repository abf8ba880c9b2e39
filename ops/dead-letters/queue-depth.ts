import { ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type Queue, redrivePolicyOf } from '../aws/pipeline.ts';
import { batchSize } from './message-receiver.ts';

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
  /** Whether only a sample of messages was read, so that another one may be older. */
  readonly isSample: boolean;
}

/** A queue with a smaller maxReceiveCount is not sampled, since sampling counts as a receive. */
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
