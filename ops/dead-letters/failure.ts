import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { messageAttributes } from '../../events/names.ts';
import { attributeText } from './attribute-text.ts';

/** Why a message is in an end queue. */
export interface Failure {
  /** Short enough to group by, for example `permanent SchemaError`, `NO_PERMISSIONS`, `gave up after 5 attempts`. */
  readonly error: string;
  /** What EventBridge says further. Undefined for other messages. */
  readonly message: string | undefined;
  /** Deliveries that failed; undefined where that is not known. */
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
 * @param receives ApproximateReceiveCount, which goes on counting in the dead-letter queue
 * @param maxReceiveCount of the queue that the message comes from
 */
export function readFailure(
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
      attempts: retries === undefined ? undefined : countOf(retries, 1),
      ruleArn,
      targetArn,
    };
  }
  const none = { message: undefined, ruleArn: undefined, targetArn: undefined };
  const named = [text(messageAttributes.reason), text(messageAttributes.error)]
    .filter(Boolean)
    .join(' ');
  if (named)
    return { ...none, error: named, attempts: countOf(text(messageAttributes.attempts), 0) };
  if (maxReceiveCount === undefined) return { ...none, error: '-', attempts: undefined };
  const attempts = Math.min(receives, maxReceiveCount) || maxReceiveCount;
  return { ...none, error: `gave up after ${attempts} attempts`, attempts };
}

function countOf(text: string | undefined, more: number): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) + more : undefined;
}
