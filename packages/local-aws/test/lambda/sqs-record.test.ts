import { expect, test } from '@jest/globals';
import {
  sqsQueueSource,
  toSqsRecord,
} from '../../src/lambda/event-source-mapping/mapping-settings.ts';

const queueArn = 'arn:aws:sqs:us-east-2:123456789012:my-queue';

test('a message has the fields of an SQS event, and no others', () => {
  const record = toSqsRecord(
    {
      MessageId: '059f36b4-87a3-44ab-83d2-661975830a7d',
      ReceiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...',
      Body: 'Test message.',
      MD5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
      MD5OfMessageAttributes: '00484c68...59e48fb7',
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1545082649183' },
      MessageAttributes: {
        text: { DataType: 'String', StringValue: 'value' },
        bytes: { DataType: 'Binary', BinaryValue: 'AQID' },
      },
    },
    queueArn,
  );
  expect(JSON.parse(JSON.stringify(record))).toEqual({
    messageId: '059f36b4-87a3-44ab-83d2-661975830a7d',
    receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...',
    body: 'Test message.',
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1545082649183' },
    messageAttributes: {
      text: {
        stringValue: 'value',
        stringListValues: [],
        binaryListValues: [],
        dataType: 'String',
      },
      bytes: {
        binaryValue: 'AQID',
        stringListValues: [],
        binaryListValues: [],
        dataType: 'Binary',
      },
    },
    md5OfMessageAttributes: '00484c68...59e48fb7',
    md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: 'us-east-2',
  });
});

test('messages of a queue are received and deleted by the API of SQS', async () => {
  const calls: unknown[] = [];
  const source = sqsQueueSource(
    {
      call: async (action, input) => {
        calls.push([action, input]);
        return {};
      },
    },
    (arn) => `http://sqs/${arn.split(':').pop()}`,
    () => undefined,
  );
  const { signal } = new AbortController();
  expect(await source.receive(queueArn, { maxMessages: 3, waitSeconds: 20, signal })).toEqual([]);
  await source.deleteMessages(
    queueArn,
    Array.from({ length: 11 }, (_, n) => `handle-${n}`),
  );
  await source.changeVisibility(queueArn, 'handle', 0);
  const QueueUrl = 'http://sqs/my-queue';
  expect(calls).toEqual([
    [
      'ReceiveMessage',
      {
        QueueUrl,
        MaxNumberOfMessages: 3,
        WaitTimeSeconds: 20,
        AttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      },
    ],
    [
      'DeleteMessageBatch',
      {
        QueueUrl,
        Entries: Array.from({ length: 10 }, (_, n) => ({
          Id: String(n),
          ReceiptHandle: `handle-${n}`,
        })),
      },
    ],
    ['DeleteMessageBatch', { QueueUrl, Entries: [{ Id: '0', ReceiptHandle: 'handle-10' }] }],
    ['ChangeMessageVisibility', { QueueUrl, ReceiptHandle: 'handle', VisibilityTimeout: 0 }],
  ]);
});
