import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { MessageAttributeValue, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { messageAttributePrefix } from '../../events/names.ts';
import type { Queue } from '../aws/pipeline.ts';
import type { DeadLetterMessage } from './dead-letter-message.ts';

/** A message for a queue, without the id that only its batch needs. */
export type QueueEntry = Omit<SendMessageBatchRequestEntry, 'Id'>;

/** The queue or bus that a message is redriven to, and the entry that is sent. */
export type Destination =
  | {
      readonly kind: 'queue';
      readonly name: string;
      readonly url: string;
      readonly entry: QueueEntry;
    }
  | { readonly kind: 'bus'; readonly name: string; readonly entry: PutEventsRequestEntry }
  /** It stays; `reason` is general enough to group messages by it. */
  | { readonly kind: 'nowhere'; readonly reason: string };

/** Shorthand for a message that stays. */
export const stays = (reason: string): Destination => ({ kind: 'nowhere', reason });

/** The content that is sent for a message. */
export interface Content {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttributeValue>>;
  /** For a FIFO or fair queue. @default - the message's own */
  readonly groupId?: string;
}

/** A message's attributes without those that describe the failure. */
export function withoutReason(
  attributes: DeadLetterMessage['attributes'],
): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => !name.startsWith(messageAttributePrefix)),
  );
}

/** A queue entry with the message's own group id and trace header. */
export function writeQueueEntry(
  message: DeadLetterMessage,
  queue: Queue,
  content: Content,
): QueueEntry {
  const { body, attributes = {}, groupId = message.system.MessageGroupId } = content;
  const trace = message.system.AWSTraceHeader;
  return {
    MessageBody: body,
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
    ...(trace !== undefined && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } },
    }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    // If it is sent again within five minutes, after a crash before the delete, SQS keeps one message.
    ...(queue.name.endsWith('.fifo') && { MessageDeduplicationId: message.messageId }),
  };
}
