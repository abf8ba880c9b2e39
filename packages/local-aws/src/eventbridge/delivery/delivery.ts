import { InvalidTargetInput } from '@event-fanout/event-pattern';
import { AwsError } from '../../aws-service.ts';
import type { Target } from '../resources.ts';

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

/** The limit of the retry policy that ended the delivery; undefined for an error that is not retried. */
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

/** Whether and when a failed delivery is attempted again. */
export type Retry = 'with-backoff' | 'never';

/** A failed delivery, with the error codes of a dead-letter message. */
export class DeliveryError extends Error {
  /** A code of "Using dead-letter queues to process undelivered events" (User Guide). */
  readonly code: string;
  readonly retry: Retry;
  /** Milliseconds that must pass before the target may be called again (`Retry-After`). */
  readonly retryAfterMs: number;

  constructor(code: string, message: string, retry: Retry, retryAfterMs = 0) {
    super(message);
    this.name = 'DeliveryError';
    this.code = code;
    this.retry = retry;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * The delivery may not be attempted yet. This does not count as a failure, but when the maximum
 * event age is reached meanwhile, it fails for this reason.
 */
export class Postponement extends DeliveryError {
  readonly afterMs: number;

  constructor(afterMs: number) {
    super(
      'THROTTLING',
      "The API destination's invocation rate limit is exceeded.",
      'with-backoff',
      afterMs,
    );
    this.afterMs = afterMs;
  }
}

/**
 * "Errors that result from missing permissions to a target, or if a target resource no longer
 * exists" are not retried; neither are invalid requests.
 */
const permanentCodes: readonly (readonly [RegExp, string])[] = [
  [/^(QueueDoesNotExist|ResourceNotFoundException|NotFound)/, 'NO_RESOURCE'],
  [/^(AccessDenied|NotAuthorized|KMS\.)/, 'NO_PERMISSIONS'],
  [
    /^(Invalid|MissingRequiredParameter|Validation|Serialization|RequestEntityTooLarge|BatchRequestTooLong)/,
    'INVALID_PARAMETER',
  ],
];

const retryableCodes: readonly (readonly [RegExp, string])[] = [
  [/^(Throttling|RequestThrottled|TooManyRequests|OverLimit|KMS\.Throttling)/, 'THROTTLING'],
  [/^(Internal|ServiceException)/, 'INTERNAL_ERROR'],
];

/** Converts a target's error to a delivery error. */
export function readDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) {
    return error;
  }
  if (error instanceof InvalidTargetInput) {
    return new DeliveryError('INVALID_JSON', error.message, 'never');
  }
  if (!(error instanceof AwsError)) {
    return new DeliveryError('INTERNAL_ERROR', 'The target could not be called.', 'with-backoff');
  }
  const later = retryableCodes.find(([name]) => name.test(error.code));
  if (later) {
    return new DeliveryError(later[1], error.message, 'with-backoff');
  }
  const never = permanentCodes.find(([name]) => name.test(error.code));
  if (never) {
    return new DeliveryError(never[1], error.message, 'never');
  }
  return new DeliveryError('ERROR_FROM_TARGET', error.message, 'with-backoff');
}

/** One message for a queue. */
export interface QueueMessage {
  readonly body: string;
  /** All of them strings. */
  readonly attributes?: { readonly [name: string]: string };
  /** For FIFO and fair queues. */
  readonly groupId?: string;
  /** X-Ray's trace header, which EventBridge passes on as the system attribute AWSTraceHeader. */
  readonly traceHeader?: string;
}

/** Sends events to the other services of this run. */
export interface TargetPort {
  /**
   * Puts a message into a queue. Synchronous and part of the store's open transaction, so that a
   * delivery is done if and only if the message is in the queue. Throws AwsError when the queue
   * refuses it, for example QueueDoesNotExist.
   */
  sendToQueue(arn: string, message: QueueMessage): void;
  /**
   * Sends an event to a function as an asynchronous invocation: resolves when Lambda has accepted
   * it, rejects with AwsError when it refuses, for example ResourceNotFoundException.
   */
  invokeFunction(arn: string, payload: string): Promise<void>;
}
