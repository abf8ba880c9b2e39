import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import { readEvent } from '@event-fanout/event-pattern';
import { own, ownText } from '../../events/own.ts';
import { type Failure, readFailure } from './failure.ts';

/** A message of an end queue, read as far as it can be. */
export interface Letter {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** The user's message attributes. */
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  /** SQS's own, such as `SentTimestamp`. */
  readonly system: Readonly<Record<string, string>>;
  /** The parsed body; undefined when it is not JSON. */
  readonly event: unknown;
  /** What the bus calls its detail: our envelope, unless the event is somebody else's. */
  readonly envelope: unknown;
  /** The detail-type, which is the kind's name. */
  readonly type: string | undefined;
  readonly session: string | undefined;
  /** Address of the chat; personal. */
  readonly chat: string | undefined;
  readonly occurredAt: string | undefined;
  /**
   * When it was sent, in milliseconds since 1970. A dead letter keeps the time of its first queue
   * (SQS Developer Guide, "Setting up dead-letter queue retention").
   */
  readonly sentAt: number;
  readonly failure: Failure;
}

/** Reads a message as ReceiveMessage gives it with all its attributes. Never throws. */
export function readLetter(message: Message, maxReceiveCount?: number): Letter {
  const { Body: body = '', Attributes: system = {}, MessageAttributes: attributes = {} } = message;
  const event = parseJson(body);
  const envelope = own(event, 'detail') ?? event;
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body,
    attributes,
    system: system as Record<string, string>,
    event,
    envelope,
    type: ownText(event, 'detail-type') ?? ownText(envelope, 'meta', 'type'),
    session: ownText(envelope, 'meta', 'session'),
    chat: ownText(envelope, 'meta', 'chat'),
    occurredAt: ownText(envelope, 'meta', 'occurredAt') ?? ownText(event, 'time'),
    sentAt: Number(system.SentTimestamp ?? 0),
    failure: readFailure(attributes, Number(system.ApproximateReceiveCount), maxReceiveCount),
  };
}

/** What is nested deeper than any event was put there to overflow somebody's stack; it stays text. */
function parseJson(text: string): unknown {
  try {
    return readEvent(text, false);
  } catch {
    return undefined;
  }
}
