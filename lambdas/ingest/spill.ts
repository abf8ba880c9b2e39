import { messageAttributes } from '../../events/names.ts';
import type { Sqs } from '../runtime/aws/sqs.ts';
import type { RefusedEntry } from '../runtime/publish.ts';
import { toSpilled } from '../runtime/spilled.ts';

/** Keeps entries that the bus refused. Rejects unless every one of them is in the queue. */
export type Spill = (refused: readonly RefusedEntry[]) => Promise<void>;

/** A spill queue in SQS. One message a call: ten together could be larger than SQS takes. */
export function spillTo(call: Sqs, QueueUrl: string): Spill {
  return async (refused) => {
    await Promise.all(
      refused.map(({ entry, code }) =>
        call('SendMessage', {
          QueueUrl,
          MessageBody: toSpilled(entry),
          MessageAttributes: {
            [messageAttributes.reason]: { DataType: 'String', StringValue: 'refused' },
            [messageAttributes.error]: { DataType: 'String', StringValue: code },
          },
        }),
      ),
    );
  };
}
