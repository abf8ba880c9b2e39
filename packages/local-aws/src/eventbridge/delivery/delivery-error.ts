import { InvalidTargetInput } from '@event-fanout/event-pattern';
import { AwsError } from '../../aws-service.ts';

/** When a failed delivery is worth another attempt. */
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
