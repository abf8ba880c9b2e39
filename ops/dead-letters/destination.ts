import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { MessageAttributeValue, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { messageAttributePrefix } from '../../events/names.ts';
import type { Queue } from '../aws/pipeline.ts';
import type { DeadLetterMessage } from './dead-letter-message.ts';

/** A message for a queue, without the id that only its batch needs. */
export type QueueEntry = Omit<SendMessageBatchRequestEntry, 'Id'>;

/** Where a letter belongs, and what is sent there. */
export type Destination =
  | {
      readonly kind: 'queue';
      readonly name: string;
      readonly url: string;
      readonly entry: QueueEntry;
    }
  | { readonly kind: 'bus'; readonly name: string; readonly entry: PutEventsRequestEntry }
  /** It stays; `reason` says why in words that many letters can share. */
  | { readonly kind: 'nowhere'; readonly reason: string };

/** Shorthand for a letter that stays. */
export const stays = (reason: string): Destination => ({ kind: 'nowhere', reason });

/** What is sent in a letter's place. */
export interface Content {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttributeValue>>;
  /** For a FIFO or fair queue. @default - the letter's own */
  readonly groupId?: string;
}

/** A letter's attributes without those that say why it is where it is. */
export function withoutReason(
  attributes: DeadLetterMessage['attributes'],
): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => !name.startsWith(messageAttributePrefix)),
  );
}

/** A message for a queue, with what of the letter's own circumstances goes along: group and trace. */
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
    // Sent again within five minutes, after a crash before the delete, it is one message.
    ...(queue.name.endsWith('.fifo') && { MessageDeduplicationId: message.messageId }),
  };
}
