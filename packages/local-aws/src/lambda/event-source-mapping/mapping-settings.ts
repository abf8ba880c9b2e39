import type { AwsService } from '../../aws-service.ts';
import type { Clock } from '../../clock.ts';
import { invalidParameter } from '../function-settings.ts';

/** `AWS::Lambda::EventSourceMapping` from an SQS queue. */
export interface MappingSettings {
  /** Name or ARN. */
  readonly functionName: string;
  /** The queue's ARN. */
  readonly eventSourceArn: string;
  /** @default 10 */
  readonly batchSize?: number;
  /** Seconds to fill a batch. @default 0 */
  readonly maximumBatchingWindowSeconds?: number;
  /** `['ReportBatchItemFailures']` or none. @default none */
  readonly functionResponseTypes?: readonly string[];
  /** The `Pattern` of each filter; a message that matches none is deleted. @default no filter */
  readonly filterPatterns?: readonly string[];
  /** `ScalingConfig.MaximumConcurrency`. @default the service's */
  readonly maximumConcurrency?: number;
  /** @default true */
  readonly enabled?: boolean;
}

export const defaultBatchSize = 10;

/**
 * Throws `InvalidParameterValueException` for settings that Lambda refuses
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html).
 */
export function checkMapping(settings: MappingSettings): void {
  const { batchSize = defaultBatchSize, maximumBatchingWindowSeconds: window = 0 } = settings;
  const isFifo = settings.eventSourceArn.endsWith('.fifo');
  requireRange('BatchSize', batchSize, 1, isFifo ? 10 : 10_000);
  requireRange('MaximumBatchingWindowInSeconds', window, 0, 300);
  if (isFifo && window > 0) {
    throw invalidParameter('Batching window is not supported for FIFO queues');
  }
  if (settings.maximumConcurrency !== undefined) {
    requireRange('MaximumConcurrency', settings.maximumConcurrency, 2, 1000);
  }
  if (batchSize > 10 && window < 1) {
    throw invalidParameter(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  }
  if (!/^arn:[a-z-]+:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,75}(\.fifo)?$/.test(settings.eventSourceArn)) {
    throw invalidParameter(`Unrecognized event source: ${settings.eventSourceArn.slice(0, 200)}`);
  }
  for (const type of settings.functionResponseTypes ?? []) {
    if (type !== 'ReportBatchItemFailures') {
      throw invalidParameter(`FunctionResponseTypes: ${type} is not ReportBatchItemFailures`);
    }
  }
}

function requireRange(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) {
    return;
  }
  throw invalidParameter(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}

/** The dependencies of event source mappings. */
export interface MappingPorts {
  /** Times batching windows, pauses, and how concurrency grows. */
  readonly clock: Clock;
  readonly queues: QueueSource;
  /** Calls the function with an event; rejects when it is throttled or does not exist. */
  readonly invoke: (
    functionName: string,
    event: string,
  ) => Promise<{ readonly payload: string; readonly functionError?: string }>;
  /** Makes a predicate over records (bodies parsed) from a filter's pattern; throws if invalid. */
  readonly compileFilter: (pattern: string) => (record: object) => boolean;
  /** Concurrent batches of one queue, where the mapping sets no maximum. */
  readonly defaultConcurrency: number;
  /** Callbacks for each batch. @default - none */
  readonly batches?: BatchObserver;
}

/** Messages of a queue with which a function is called. */
export interface SqsBatch {
  readonly queueArn: string;
  readonly functionName: string;
  readonly records: readonly SqsRecord[];
}

/** Callbacks for the batches of event source mappings. Must not throw. */
interface BatchObserver {
  /** The call of the function begins. */
  batchStarted(batch: SqsBatch): void;
  /**
   * The function returned or failed, or Lambda refused the call. `failed` are the ids of the messages
   * that stay in the queue.
   */
  batchFinished(batch: SqsBatch, failed: ReadonlySet<string>, error?: string): void;
}

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

/** One message in the `Records` of a function's event. */
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
