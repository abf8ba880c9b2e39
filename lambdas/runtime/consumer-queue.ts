import { ChangeMessageVisibilityCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { messageAttributes } from '../../events/names.ts';
import { queueClient, requiredEnvironment } from './aws-clients.ts';
import type { ErrorDetails } from './classify-error.ts';

/**
 * A message as Lambda passes it to a function (Lambda Developer Guide, "Using Lambda with Amazon SQS"). These types
 * have the properties that are used; users of the published consumer runtime then need no other package for types.
 */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: {
    readonly ApproximateReceiveCount: string;
    /** X-Ray's tracing header of what sent the message. */
    readonly AWSTraceHeader?: string | undefined;
  };
  readonly messageAttributes?: Readonly<Record<string, unknown>>;
}

/** A batch of messages. */
export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

/** The response of a function that reports batch item failures. */
export interface SqsBatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/** The queue of a consumer, for messages that it could not handle. */
export interface ConsumerQueue {
  /** Sends the message to the dead-letter queue, with the reason. */
  sendToDeadLetterQueue(record: SqsRecord, reason: DeadLetterReason): Promise<void>;
  /** Changes the message's visibility timeout, so that it is redelivered after this time. */
  postpone(record: SqsRecord, seconds: number): Promise<void>;
}

/** Why a message is in the dead-letter queue; sent as message attributes. */
export interface DeadLetterReason {
  /** `permanent`: no retry can help. `exhausted`: all deliveries failed. `in-doubt`: its effect may have happened. */
  readonly reason: 'permanent' | 'exhausted' | 'in-doubt';
  /** Name of the error. */
  readonly error: string;
  /** Its message, and where it was thrown. @default - not said: the setting `handlerErrors` is `name` */
  readonly details?: Pick<ErrorDetails, 'errorMessage' | 'errorAt'> | undefined;
}

/** The consumer's queue in SQS, and its dead-letter queue. */
export const sqsConsumerQueue: ConsumerQueue = {
  async sendToDeadLetterQueue(record, { reason, error, details }) {
    await queueClient().send(
      new SendMessageCommand({
        QueueUrl: requiredEnvironment('DEAD_LETTER_QUEUE_URL'),
        MessageBody: record.body,
        MessageAttributes: {
          [messageAttributes.reason]: text(reason),
          [messageAttributes.error]: text(error),
          ...(details && {
            [messageAttributes.errorMessage]: text(details.errorMessage),
            [messageAttributes.errorAt]: text(details.errorAt),
          }),
          [messageAttributes.consumer]: text(requiredEnvironment('CONSUMER')),
          [messageAttributes.attempts]: text(record.attributes.ApproximateReceiveCount),
        },
      }),
    );
  },
  async postpone(record, VisibilityTimeout) {
    await queueClient().send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: requiredEnvironment('QUEUE_URL'),
        ReceiptHandle: record.receiptHandle,
        VisibilityTimeout,
      }),
    );
  },
};

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
