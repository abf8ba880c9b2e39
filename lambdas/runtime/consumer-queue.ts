import type { SQSRecord } from 'aws-lambda';
import { messageAttributes } from '../../events/names.ts';
import { requiredEnvironment } from './environment.ts';

/** What a consumer does with a message that it could not handle. */
export interface ConsumerQueue {
  /** Sends the message to the dead-letter queue, with why. */
  giveUp(record: SQSRecord, reason: DeadLetterReason): Promise<void>;
  /** Has the message delivered again after this time, instead of after the visibility timeout. */
  postpone(record: SQSRecord, seconds: number): Promise<void>;
}

/** Why a message is a dead letter; it travels as message attributes. */
export interface DeadLetterReason {
  /** `permanent`: cannot get better. `exhausted`: tried often enough. `in-doubt`: may have been done. */
  readonly reason: 'permanent' | 'exhausted' | 'in-doubt';
  /** Class of the error. */
  readonly error: string;
}

/**
 * The consumer's queue in SQS. The SDK is the one that Lambda's runtime brings, and is loaded only
 * when something has failed: a consumer's bundle stays a few kilobytes.
 */
export const sqsConsumerQueue: ConsumerQueue = {
  async giveUp(record, { reason, error }) {
    const { SendMessageCommand, client } = await loadSqs();
    await client.send(
      new SendMessageCommand({
        QueueUrl: requiredEnvironment('DEAD_LETTER_QUEUE_URL'),
        MessageBody: record.body,
        MessageAttributes: {
          [messageAttributes.reason]: text(reason),
          [messageAttributes.error]: text(error),
          [messageAttributes.consumer]: text(requiredEnvironment('CONSUMER')),
          [messageAttributes.attempts]: text(record.attributes.ApproximateReceiveCount),
        },
      }),
    );
  },
  async postpone(record, VisibilityTimeout) {
    const { ChangeMessageVisibilityCommand, client } = await loadSqs();
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: requiredEnvironment('QUEUE_URL'),
        ReceiptHandle: record.receiptHandle,
        VisibilityTimeout,
      }),
    );
  },
};

let loaded: ReturnType<typeof load> | undefined;

function loadSqs() {
  loaded ??= load();
  return loaded;
}

async function load() {
  const sdk = await import('@aws-sdk/client-sqs');
  return { ...sdk, client: new sdk.SQSClient({ maxAttempts: 3 }) };
}

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
