import type { AwsService } from '../../aws-service.ts';
import type { QueueMessage, QueueSource } from './queue-source.ts';

/** `DeleteMessageBatch` takes up to ten entries. */
const MAX_ENTRIES = 10;

/**
 * The queues of an SQS service as event sources.
 *
 * @param urlOf gives the URL of the queue with an ARN
 * @param committed awaited before messages are given out: by then they have been sent, and received, for good
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
      for (let start = 0; start < receiptHandles.length; start += MAX_ENTRIES) {
        const handles = receiptHandles.slice(start, start + MAX_ENTRIES);
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
