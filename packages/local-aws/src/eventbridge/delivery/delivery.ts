import type { Target } from '../resources/resources.ts';
import type { QueueMessage } from '../target-port.ts';
import type { DeliveryError } from './delivery-error.ts';

/** An event that a bus has accepted. */
export interface AcceptedEvent {
  readonly id: string;
  readonly bus: string;
  /** The event's JSON, which targets without input settings receive. */
  readonly text: string;
  /** The event's time as given by its sender, in epoch milliseconds. */
  readonly time: number;
  /** Epoch milliseconds. */
  readonly acceptedAt: number;
  readonly traceHeader?: string;
  /** It came from another bus, and is not passed on to a third. */
  readonly forwarded: boolean;
}

/** One event on its way to one target. */
export interface Delivery {
  readonly event: AcceptedEvent;
  readonly route: Route;
  /** Failed attempts so far. */
  readonly failures: number;
  /** Its row, when it is stored. */
  readonly row?: number;
}

/** A rule's target with the rule's properties that a delivery needs. */
export interface Route {
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly target: Target;
}

/** Maximum age and number of retries of a delivery (API reference, RetryPolicy). */
export interface RetryPolicy {
  /** 0 to 185. @default 185 */
  readonly maximumRetryAttempts: number;
  /** 60 seconds to 24 hours, in milliseconds. @default 24 hours */
  readonly maximumEventAgeMs: number;
}

export const maxRetries = 185;
export const maxAgeSeconds = 86_400;

export function retryPolicyOf({ RetryPolicy: given }: Target): RetryPolicy {
  return {
    maximumRetryAttempts: given?.MaximumRetryAttempts ?? maxRetries,
    maximumEventAgeMs: (given?.MaximumEventAgeInSeconds ?? maxAgeSeconds) * 1000,
  };
}

const firstDelayMs = 1000;

/**
 * AWS documents only "for 24 hours and up to 185 times with an exponential back off and jitter".
 * With this maximum delay, jitter included, 185 retries take 23 of the 24 hours.
 */
const maxDelayMs = 600_000;

/** The pause after a failed attempt (1 for the first): twice as long each time, with jitter. */
export function delayAfter(attempt: number, random: () => number): number {
  const max = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
  return Math.round(max * (0.5 + random() / 2));
}

/** Which limit of the retry policy ended the delivery; undefined when it was not worth a retry. */
export type ExhaustedCondition = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | undefined;

/**
 * Maximum length of the error message in a dead-letter message; attributes count towards the
 * message's size.
 */
const maxErrorMessageLength = 1000;

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
      ERROR_MESSAGE: error.message.slice(0, maxErrorMessageLength) || error.code,
      ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
      RETRY_ATTEMPTS: String(failures - 1),
    },
    ...(event.traceHeader !== undefined && { traceHeader: event.traceHeader }),
  };
}
