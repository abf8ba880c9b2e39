import type { QueueMessage, QueueMessageAttribute } from './sqs-queue-source.ts';

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
