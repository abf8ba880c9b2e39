import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import { readEvent } from '@event-fanout/event-pattern';
import { messageAttributes } from '../../events/names.ts';
import { own, ownText } from '../../events/own.ts';

/** A message of a failure queue, parsed as far as possible. */
export interface DeadLetterMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** The user's message attributes. */
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  /** Attributes of SQS, such as `SentTimestamp`. */
  readonly system: Readonly<Record<string, string>>;
  /** The parsed body; undefined when it is not JSON. */
  readonly event: unknown;
  /** The event's detail: our envelope, unless the event is from another source. */
  readonly envelope: unknown;
  /** The detail-type, which is the event type. */
  readonly type: string | undefined;
  readonly session: string | undefined;
  /** Address of the chat. Personal data. */
  readonly chat: string | undefined;
  readonly occurredAt: string | undefined;
  /**
   * When it was sent, in epoch milliseconds. A dead-letter message keeps the time of its first queue
   * (SQS Developer Guide, "Setting up dead-letter queue retention").
   */
  readonly sentAt: number;
  readonly failure: Failure;
}

/** Reads a message that ReceiveMessage returned with all its attributes. Never throws. */
export function readMessage(message: Message, maxReceiveCount?: number): DeadLetterMessage {
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

/** Undefined for JSON nested deeper than any event, which could overflow the stack. */
function parseJson(text: string): unknown {
  try {
    return readEvent(text, false);
  } catch {
    return undefined;
  }
}

/** Why a message is in a failure queue. */
export interface Failure {
  /** Short enough to group by, for example `permanent SchemaError`, `NO_PERMISSIONS`, `gave up after 5 attempts`. */
  readonly error: string;
  /**
   * EventBridge's error message, or that of a consumer's error if the setting `handlerErrors` is `full`.
   */
  readonly message: string | undefined;
  /** File, line and column where the consumer's error was thrown; undefined if `message` is. */
  readonly at: string | undefined;
  /** Number of failed deliveries; undefined if unknown. */
  readonly attempts: number | undefined;
  /** ARN of the rule and the target that EventBridge could not reach. */
  readonly ruleArn: string | undefined;
  readonly targetArn: string | undefined;
}

type Attributes = Readonly<Record<string, MessageAttributeValue>>;

/**
 * Reads the reason from a message's attributes: those that EventBridge sets on what it could not
 * deliver (User Guide, "Using dead-letter queues to process undelivered events"), or those of this
 * project's functions (`fanout.*`). SQS itself sets none when a message was received too often.
 *
 * @param receives ApproximateReceiveCount, which continues to count in the dead-letter queue
 * @param maxReceiveCount of the queue that the message comes from
 */
function readFailure(
  attributes: Attributes,
  receives: number,
  maxReceiveCount: number | undefined,
): Failure {
  const text = (name: string) => attributeText(attributes, name);
  const ruleArn = text('RULE_ARN');
  const targetArn = text('TARGET_ARN');
  const code = text('ERROR_CODE');
  if (code !== undefined || targetArn !== undefined) {
    const retries = text('RETRY_ATTEMPTS');
    return {
      error: code ?? 'undeliverable',
      message: text('ERROR_MESSAGE'),
      at: undefined,
      attempts: retries === undefined ? undefined : countOf(retries, 1),
      ruleArn,
      targetArn,
    };
  }
  const none = {
    message: text(messageAttributes.errorMessage),
    at: text(messageAttributes.errorAt),
    ruleArn: undefined,
    targetArn: undefined,
  };
  const named = [text(messageAttributes.reason), text(messageAttributes.error)]
    .filter(Boolean)
    .join(' ');
  if (named) {
    return { ...none, error: named, attempts: countOf(text(messageAttributes.attempts), 0) };
  }
  if (maxReceiveCount === undefined) {
    return { ...none, error: '-', attempts: undefined };
  }
  const attempts = Math.min(receives, maxReceiveCount) || maxReceiveCount;
  return { ...none, error: `gave up after ${attempts} attempts`, attempts };
}

function countOf(text: string | undefined, more: number): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) + more : undefined;
}

/** The text of a message attribute; undefined when there is none. */
export function attributeText(
  attributes: Readonly<Record<string, MessageAttributeValue>>,
  name: string,
): string | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name]?.StringValue : undefined;
}
