import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';

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
