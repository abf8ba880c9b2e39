import type { MessageAttribute } from './message-attributes.ts';

/** A message that was checked and waits to be stored. */
export interface OutgoingMessage {
  readonly body: string;
  readonly attributes: readonly MessageAttribute[];
  readonly traceHeader: MessageAttribute | undefined;
  /** `MessageGroupId`: order within a FIFO queue, the tenant in a standard one. */
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly delayMs: number;
}

/** The mutable state of a message in its queue. Times are epoch milliseconds. */
export interface MessageState {
  /** Order of arrival over all queues, never reused. */
  readonly seq: number;
  readonly queueId: number;
  readonly bodyId: number;
  readonly groupId: string | undefined;
  /** When it can be received: the end of its delay or of its visibility timeout. */
  readonly visibleAt: number;
  /** Number of receives from this queue; those from an earlier queue are `earlierReceives`. */
  readonly receives: number;
}

export interface StoredMessage extends MessageState {
  readonly messageId: string;
  /** `SentTimestamp`, from which retention counts. */
  readonly enqueuedAt: number;
  readonly firstReceivedAt: number | undefined;
  readonly earlierReceives: number;
  readonly deduplicationId: string | undefined;
  /** The queue it was dead-lettered from. */
  readonly sourceArn: string | undefined;
  readonly body: string;
  readonly bodyDigest: string;
  readonly attributes: readonly MessageAttribute[];
  readonly attributesDigest: string | undefined;
  readonly traceHeader: string | undefined;
}

/** The identity of a message that a queue accepted. */
export interface AcceptedMessage {
  readonly messageId: string;
  readonly seq: number;
}

/** A message's state after a receive; if it has changed since, the receive cannot be repeated. */
export type ReceivedMessage = Pick<MessageState, 'seq' | 'receives' | 'visibleAt'>;

/**
 * `SequenceNumber` of FIFO queues: 20 digits, growing, not consecutive (API reference,
 * SendMessageResult).
 */
export const sequenceNumberOf = (seq: number): string =>
  String(10_000_000_000_000_000_000n + BigInt(seq) * 256n);
