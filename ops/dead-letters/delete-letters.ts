import { DeleteMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { AwsAccess } from '../aws/connect.ts';
import { inParallel } from '../aws/in-parallel.ts';
import type { Letter } from './dead-letter-message.ts';
import type { EndQueue } from './failure-queue.ts';
import { batchSize, chunk, type MessageTaker } from './message-taker.ts';

/** Deletes letters from their queue. Returns how many AWS did not confirm; those may come again. */
export async function deleteLetters(
  { sqs }: Pick<AwsAccess, 'sqs'>,
  { url }: Pick<EndQueue, 'url'>,
  letters: readonly Letter[],
  taker: MessageTaker,
): Promise<number> {
  const unconfirmed = await inParallel(chunk(letters, batchSize), async (batch) => {
    const Entries = batch.map(({ receiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
    }));
    try {
      const { Successful = [] } = await sqs.send(
        new DeleteMessageBatchCommand({ QueueUrl: url, Entries }),
      );
      taker.drop(Successful.map(({ Id }) => batch[Number(Id)]?.receiptHandle ?? ''));
      return batch.length - Successful.length;
    } catch {
      return batch.length;
    }
  });
  return unconfirmed.reduce((sum, count) => sum + count, 0);
}
