import {
  isClockSkewError,
  isServerError,
  isThrottlingError,
  isTransientError,
} from '@smithy/core/retry';
import type { SdkError } from '@smithy/types';

/**
 * Throw this from a consumer where a retry cannot help: the event goes to the
 * dead-letter queue at once, with the reason, instead of being delivered again and again.
 */
export class PermanentError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PermanentError';
  }
}

/** Names of errors that say that the event, or a request made of it, is refused for what it is. */
const permanentNames: ReadonlySet<string> = new Set([
  'NotAWhatsAppEventError',
  'OtherAccountError',
  'TooManyHopsError',
  'ValiError',
  'ValidationException',
  'ZodError',
]);

/**
 * AWS error codes with a 4xx status that do not depend on the request, beside those that the SDK retries
 * itself: another delivery, minutes later, may succeed.
 *
 * - Access: a permission that was just granted is not seen everywhere at once (IAM User Guide, "Changes
 *   that I make are not always immediately visible"), so the first events after a deployment may be
 *   denied. One that is really missing costs a few deliveries more, and is named in the dead-letter message.
 * - Credentials: a role's are replaced with the execution environment.
 * - Conflicts: another write was faster; the next delivery reads what it wrote.
 */
const passingNames: ReadonlySet<string> = new Set([
  // Access
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationErrorException',
  'Forbidden',
  'KMSAccessDeniedException',
  'KmsAccessDenied',
  'UnauthorizedOperation',
  // Credentials and signatures
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidToken',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'NotAuthorized',
  'TokenRefreshRequired',
  'UnrecognizedClientException',
  // Conflicts
  'ConditionalCheckFailedException',
  'ConcurrentModificationException',
  'OperationAborted',
  'PreconditionFailed',
  'ReplicatedWriteConflictException',
  'ResourceConflictException',
  'ResourceInUseException',
  'TransactionCanceledException',
  'TransactionConflictException',
  // Quotas of what is in flight
  'OverLimit',
  'QuotaExceededException',
]);

/** How services call it that they throttle, where the SDK does not know their name for it. */
const throttledNames = /Throttl|ThroughputExceeded|TooManyRequests/;

/** HTTP statuses that ask for another try: timeout, conflict, condition, too early, too many requests. */
const passingStatuses: ReadonlySet<number> = new Set([408, 409, 412, 425, 429]);

/** Codes of a single entry that EventBridge may take when it is sent again (PutEventsResultEntry). */
const retryableEntryCodes: ReadonlySet<string> = new Set(['InternalException', 'InternalFailure']);

/**
 * Whether the same call may succeed within seconds: the service throttles, fails or did not answer, or the
 * clock was wrong and the SDK has corrected it. By the SDK's own rules; beyond them, what has no HTTP status
 * never reached the service.
 */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return true;
  }
  return statusOf(error) === undefined || isRetriedBySdk(error);
}

/** Whether the SDK would send a request again after this error. */
function isRetriedBySdk(error: Error): boolean {
  try {
    return (
      isThrottlingError(error as SdkError) ||
      isTransientError(error as SdkError) ||
      isServerError(error as SdkError)
    );
  } catch {
    // It looks at causes too, and one of them is no error: then this is none of the SDK's own.
    return false;
  }
}

/** Whether an entry that PutEvents refused with this code may be taken when it is sent again. */
export function isRetryableCode(code: string): boolean {
  return retryableEntryCodes.has(code) || isThrottlingError({ name: code } as SdkError);
}

/**
 * Whether no later delivery can help: the error says so itself, the event is of the wrong shape, or a
 * target (an AWS API, or one called by HTTP) answered 4xx for a reason that lies in the request. Everything
 * else may pass.
 */
export function isPermanent(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  if (error.name === 'PermanentError') {
    return true;
  }
  if (
    isRetriedBySdk(error) ||
    isClockSkewError(error as SdkError) ||
    passingNames.has(error.name) ||
    (typeof error.name === 'string' && throttledNames.test(error.name))
  ) {
    return false;
  }
  if (permanentNames.has(error.name)) {
    return true;
  }
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500 && !passingStatuses.has(status);
}

/** Whether DynamoDB refused a write because its condition did not hold. */
export function isConditionFailed(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

/** Where the AWS SDK, and HTTP clients, put the status of an answer. */
function statusOf(error: Error): number | undefined {
  const { $metadata, status, statusCode } = error as {
    $metadata?: { httpStatusCode?: number };
    status?: unknown;
    statusCode?: unknown;
  };
  const found = $metadata?.httpStatusCode ?? status ?? statusCode;
  return typeof found === 'number' ? found : undefined;
}
