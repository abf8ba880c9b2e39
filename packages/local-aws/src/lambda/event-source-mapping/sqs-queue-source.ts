import type { AwsService } from '../../aws-service.ts';

/** The source of event source mappings: an SQS queue, by its ARN. */
export interface QueueSource {
  /** Waits up to `waitSeconds` for the first message. Returns none when `signal` aborts. */
  receive(queueArn: string, options: ReceiveOptions): Promise<readonly QueueMessage[]>;
  deleteMessages(queueArn: string, receiptHandles: readonly string[]): Promise<void>;
  /** With 0 seconds the message can be received again at once. */
  changeVisibility(queueArn: string, receiptHandle: string, seconds: number): Promise<void>;
}

export interface ReceiveOptions {
  /** 1 to 10. */
  readonly maxMessages: number;
  /** 0 to 20. */
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
}

/** A message in the shape of SQS's `ReceiveMessage`, JSON protocol. */
export interface QueueMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly MD5OfMessageAttributes?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, QueueMessageAttribute>>;
}

interface QueueMessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

/** `DeleteMessageBatch` takes up to ten entries. */
const maxEntries = 10;

/**
 * The queues of an SQS service as event sources.
 *
 * @param urlOf returns the URL of the queue with an ARN
 * @param committed awaited before messages are returned, so that their sending and receiving is on
 * disk
 */
export function sqsQueueSource(
  sqs: AwsService,
  urlOf: (queueArn: string) => string,
  committed: () => Promise<void> | undefined,
): QueueSource {
  return {
    async receive(queueArn, { maxMessages, waitSeconds, signal }) {
      const input = {
        QueueUrl: urlOf(queueArn),
        MaxNumberOfMessages: maxMessages,
        WaitTimeSeconds: waitSeconds,
        AttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      };
      const { Messages } = await sqs.call('ReceiveMessage', input, signal);
      await committed();
      return (Messages ?? []) as QueueMessage[];
    },
    async deleteMessages(queueArn, receiptHandles) {
      for (let start = 0; start < receiptHandles.length; start += maxEntries) {
        const handles = receiptHandles.slice(start, start + maxEntries);
        const Entries = handles.map((ReceiptHandle, id) => ({ Id: String(id), ReceiptHandle }));
        await sqs.call('DeleteMessageBatch', { QueueUrl: urlOf(queueArn), Entries });
      }
    },
    async changeVisibility(queueArn, ReceiptHandle, VisibilityTimeout) {
      const QueueUrl = urlOf(queueArn);
      await sqs.call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout });
    },
  };
}

/** One message as a function gets it, in the `Records` of its event. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, object>>;
  readonly md5OfMessageAttributes?: string;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
export function toSqsRecord(message: QueueMessage, queueArn: string): SqsRecord {
  const attributes = Object.entries(message.MessageAttributes ?? {});
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      attributes.map(([name, attribute]) => [name, toRecordAttribute(attribute)]),
    ),
    md5OfMessageAttributes: message.MD5OfMessageAttributes,
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  };
}

function toRecordAttribute({ StringValue, BinaryValue, DataType }: QueueMessageAttribute): object {
  return {
    stringValue: StringValue,
    binaryValue: BinaryValue,
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}
