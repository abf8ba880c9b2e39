import {
  isClockSkewError,
  isServerError,
  isThrottlingError,
  isTransientError,
} from '@smithy/core/retry';
import type { SdkError } from '@smithy/types';

/**
 * Throw this from a consumer if a retry cannot help. The event goes to the dead-letter queue at once, with
 * the reason, instead of being redelivered.
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
 * AWS error codes with a 4xx status that do not depend on the request, in addition to those that the SDK
 * retries. Another delivery, minutes later, may succeed.
 *
 * - Access: a permission that was just granted is not effective everywhere at once (IAM User Guide, "Changes
 * that I make are not always immediately visible"), so the first events after a deployment may be denied. If
 * it is really missing, the event is delivered a few times more, and the dead-letter message names the error.
 * - Credentials: a new execution environment has new ones.
 * - Conflicts: another write was faster. The next delivery reads its result.
 */
const temporaryNames: ReadonlySet<string> = new Set([
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

/** Names of throttling errors that the SDK does not know. */
const throttledNames = /Throttl|ThroughputExceeded|TooManyRequests/;

/**
 * HTTP statuses after which a retry may succeed: timeout, conflict, failed condition, too early, too many
 * requests.
 */
const temporaryStatuses: ReadonlySet<number> = new Set([408, 409, 412, 425, 429]);

/**
 * Error codes of a single entry after which a retry may succeed (EventBridge API reference,
 * PutEventsResultEntry).
 */
const retryableEntryCodes: ReadonlySet<string> = new Set(['InternalException', 'InternalFailure']);

/**
 * Whether the same call may succeed within seconds: the service throttled, failed or did not respond, or the
 * clock was wrong and the SDK has corrected it. It uses the SDK's rules; in addition, a request without an
 * HTTP status did not reach the service.
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
    // It also reads `cause`, and throws if that is not an error. Such an error is not from the SDK.
    return false;
  }
}

/** Whether an entry that PutEvents refused with this code may be accepted in a retry. */
export function isRetryableCode(code: string): boolean {
  return retryableEntryCodes.has(code) || isThrottlingError({ name: code } as SdkError);
}

/**
 * Whether no later delivery can succeed: the error is a {@link PermanentError}, the event has the wrong form,
 * or a service (an AWS API or another HTTP API) responded with 4xx because of the request. All other errors
 * are treated as temporary.
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
    temporaryNames.has(error.name) ||
    (typeof error.name === 'string' && throttledNames.test(error.name))
  ) {
    return false;
  }
  if (permanentNames.has(error.name)) {
    return true;
  }
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500 && !temporaryStatuses.has(status);
}

/** Whether DynamoDB refused a write because its condition did not hold. */
export function isConditionFailed(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

/** The HTTP status in an error of the AWS SDK or an HTTP client. */
function statusOf(error: Error): number | undefined {
  const { $metadata, status, statusCode } = error as {
    $metadata?: { httpStatusCode?: number };
    status?: unknown;
    statusCode?: unknown;
  };
  const found = $metadata?.httpStatusCode ?? status ?? statusCode;
  return typeof found === 'number' ? found : undefined;
}

/** What an exception says besides its class. It may quote what people wrote. */
export interface ErrorDetails {
  readonly errorMessage: string;
  /** File, line and column where it was thrown, as far as the stack says it. */
  readonly errorAt: string;
  /** The stack, with those of the causes. */
  readonly stack: string;
}

/** Characters of a message, and of a stack, that are logged. */
const maxLength = { message: 1_000, stack: 8_000 } as const;

/** How many errors of a chain of causes are logged. */
const maxCauses = 5;

/**
 * The message, the place and the stack of an exception; undefined unless the setting `handlerErrors` is
 * `full`.
 */
export function errorDetails(error: unknown): ErrorDetails | undefined {
  if (process.env.HANDLER_ERRORS !== 'full') {
    return undefined;
  }
  const stack = stacksOf(error).join('\nCaused by: ');
  return {
    errorMessage: plain(messageOf(error), maxLength.message) || '-',
    errorAt: plain(placeIn(stack) ?? '-', maxLength.message),
    stack: plain(stack, maxLength.stack),
  };
}

function stacksOf(error: unknown): string[] {
  const stacks: string[] = [];
  let each = error;
  while (each instanceof Error && stacks.length < maxCauses) {
    stacks.push(each.stack ?? each.message);
    each = each.cause;
  }
  return stacks.length > 0 ? stacks : [messageOf(error)];
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    // Something with a toString() of its own, or without one.
    return typeof error;
  }
}

/** A frame of a stack: `at name (file:line:column)`, or without the name. */
const frame = /^\s+at (?:.*\()?(?:file:\/\/)?((?:\/|[A-Za-z]:\\).*:\d+:\d+)\)?$/gm;

/** The first place of a stack in the handler's own code, else the first place. */
function placeIn(stack: string): string | undefined {
  const places = [...stack.matchAll(frame)].map(([, place = '']) => place);
  return places.find((place) => !place.includes('/node_modules/')) ?? places[0];
}

/** Without characters that SQS refuses in a message attribute. */
const plain = (text: string, max: number) =>
  text
    .slice(0, max)
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
