import type { QueueMessage } from '../target-port.ts';
import type { Delivery } from './delivery.ts';
import type { DeliveryError } from './delivery-error.ts';

/** Which limit of the retry policy ended the delivery; undefined when it was not worth a retry. */
export type ExhaustedCondition = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | undefined;

/** The longest error message in a dead letter; an attribute counts for the message's size. */
const LONGEST_ERROR_MESSAGE = 1000;

/**
 * The message for a target's dead-letter queue: the event, and why it could not be delivered in the
 * attributes that AWS sets (User Guide, "Using dead-letter queues to process undelivered events").
 */
export function deadLetter(
  { event, route, failures }: Delivery,
  error: DeliveryError,
  exhausted: ExhaustedCondition,
): QueueMessage {
  return {
    body: event.text,
    attributes: {
      RULE_ARN: route.ruleArn,
      TARGET_ARN: route.target.Arn,
      ERROR_CODE: error.code,
      ERROR_MESSAGE: error.message.slice(0, LONGEST_ERROR_MESSAGE) || error.code,
      ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
      RETRY_ATTEMPTS: String(failures - 1),
    },
    ...(event.traceHeader !== undefined && { traceHeader: event.traceHeader }),
  };
}
