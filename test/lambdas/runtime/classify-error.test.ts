import { describe, expect, test } from '@jest/globals';
import {
  isClockSkewError,
  isServerError,
  isThrottlingError,
  isTransientError,
} from '@smithy/core/retry';
import type { SdkError } from '@smithy/types';
import fc from 'fast-check';
import {
  isPermanent,
  isRetryable,
  isRetryableCode,
  PermanentError,
} from '../../../lambdas/runtime/classify-error.ts';

/** An error as the SDK throws it. */
const awsError = (name: string, httpStatusCode?: number, rest: object = {}) =>
  Object.assign(new Error(), {
    name,
    ...(httpStatusCode && { $metadata: { httpStatusCode } }),
    ...rest,
  });

/**
 * Errors of AWS's APIs with the HTTP status that their API references give (Common errors; each service's
 * own), and whether a consumer's event may succeed at a later delivery: `passes`; or never: `permanent`.
 */
const results: readonly (readonly [name: string, status: number, 'passes' | 'permanent'])[] = [
  // Throttling
  ['ThrottlingException', 400, 'passes'],
  ['Throttling', 400, 'passes'],
  ['ThrottledException', 429, 'passes'],
  ['Throttled', 400, 'passes'],
  ['RequestThrottled', 403, 'passes'],
  ['RequestThrottledException', 400, 'passes'],
  ['RequestLimitExceeded', 400, 'passes'],
  ['ProvisionedThroughputExceededException', 400, 'passes'],
  ['TooManyRequestsException', 429, 'passes'],
  ['LimitExceededException', 400, 'passes'],
  ['SlowDown', 503, 'passes'],
  ['BandwidthLimitExceeded', 400, 'passes'],
  ['PriorRequestNotComplete', 400, 'passes'],
  ['EC2ThrottledException', 502, 'passes'],
  ['KMSThrottlingException', 400, 'passes'],
  ['KmsThrottled', 400, 'passes'],
  ['OverLimit', 403, 'passes'],
  // The service
  ['InternalServerError', 500, 'passes'],
  ['InternalFailure', 500, 'passes'],
  ['ServiceUnavailable', 503, 'passes'],
  ['InternalError', 500, 'passes'],
  ['ServiceException', 500, 'passes'],
  ['ENILimitReachedException', 502, 'passes'],
  ['ResourceNotReadyException', 502, 'passes'],
  // No response in time
  ['RequestTimeout', 400, 'passes'],
  ['RequestTimeoutException', 400, 'passes'],
  // Credentials, signatures and clocks
  ['ExpiredToken', 400, 'passes'],
  ['ExpiredTokenException', 403, 'passes'],
  ['UnrecognizedClientException', 400, 'passes'],
  ['InvalidClientTokenId', 403, 'passes'],
  ['InvalidAccessKeyId', 403, 'passes'],
  ['InvalidToken', 400, 'passes'],
  ['MissingAuthenticationToken', 403, 'passes'],
  ['MissingAuthenticationTokenException', 400, 'passes'],
  ['IncompleteSignature', 400, 'passes'],
  ['IncompleteSignatureException', 400, 'passes'],
  ['InvalidSignatureException', 400, 'passes'],
  ['SignatureDoesNotMatch', 403, 'passes'],
  ['RequestExpired', 400, 'passes'],
  ['RequestInTheFuture', 403, 'passes'],
  ['RequestTimeTooSkewed', 403, 'passes'],
  ['AuthFailure', 401, 'passes'],
  ['TokenRefreshRequired', 400, 'passes'],
  // Permissions that were just granted
  ['AccessDeniedException', 400, 'passes'],
  ['AccessDenied', 403, 'passes'],
  ['AuthorizationErrorException', 403, 'passes'],
  ['UnauthorizedOperation', 403, 'passes'],
  ['KMSAccessDeniedException', 400, 'passes'],
  // Conflicts with another write
  ['TransactionConflictException', 400, 'passes'],
  ['TransactionInProgressException', 400, 'passes'],
  ['TransactionCanceledException', 400, 'passes'],
  ['ConditionalCheckFailedException', 400, 'passes'],
  ['ReplicatedWriteConflictException', 400, 'passes'],
  ['ResourceInUseException', 400, 'passes'],
  ['ResourceConflictException', 409, 'passes'],
  ['ConcurrentModificationException', 400, 'passes'],
  ['OperationAborted', 409, 'passes'],
  ['PreconditionFailed', 412, 'passes'],
  // The request
  ['ValidationException', 400, 'permanent'],
  ['ValidationError', 400, 'permanent'],
  ['SerializationException', 400, 'permanent'],
  ['InvalidParameterValueException', 400, 'permanent'],
  ['InvalidParameterCombination', 400, 'permanent'],
  ['MissingParameter', 400, 'permanent'],
  ['MalformedQueryString', 404, 'permanent'],
  ['InvalidAction', 400, 'permanent'],
  ['OptInRequired', 403, 'permanent'],
  ['ResourceNotFoundException', 400, 'permanent'],
  ['NoSuchKey', 404, 'permanent'],
  ['NoSuchBucket', 404, 'permanent'],
  ['QueueDoesNotExist', 400, 'permanent'],
  ['InvalidMessageContents', 400, 'permanent'],
  ['BatchRequestTooLong', 400, 'permanent'],
  ['EntityTooLarge', 400, 'permanent'],
  ['RequestTooLargeException', 413, 'permanent'],
  ['IdempotentParameterMismatchException', 400, 'permanent'],
  ['ItemCollectionSizeLimitExceededException', 400, 'permanent'],
  ['UnsupportedMediaTypeException', 415, 'permanent'],
  ['MessageRejected', 400, 'permanent'],
  ['EndpointDisabledException', 400, 'permanent'],
];

describe('an error of AWS', () => {
  test.each(results)('%s with %i: %s', (name, status, expected) => {
    expect(isPermanent(awsError(name, status))).toBe(expected === 'permanent');
  });

  test('is classified by name, for each call with at least forty names', () => {
    expect(new Set(results.map(([name]) => name)).size).toBe(results.length);
    expect(results.length).toBeGreaterThanOrEqual(40);
  });

  test('without a response is temporary', () => {
    for (const code of ['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE']) {
      const error = Object.assign(new Error(), { code });
      expect([isPermanent(error), isRetryable(error)]).toEqual([false, true]);
    }
    expect(isPermanent(awsError('TimeoutError'))).toBe(false);
    expect(isPermanent(awsError('CredentialsProviderError'))).toBe(false);
  });

  const names = fc.oneof(fc.constantFrom(...results.map(([name]) => name)), fc.string());
  const statuses = fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined });
  const traits = fc.constantFrom(
    {},
    { $retryable: {} },
    { $retryable: { throttling: true } },
    { $retryable: { throttling: false } },
    { code: 'ECONNRESET' },
    { cause: Object.assign(new Error(), { code: 'ETIMEDOUT' }) },
  );

  test('that the SDK retries or corrects is never permanent', () => {
    fc.assert(
      fc.property(names, statuses, traits, fc.boolean(), (name, status, trait, corrected) => {
        fc.pre(name !== 'PermanentError');
        const error = awsError(name, status, trait);
        if (corrected) {
          Object.assign(error, { $metadata: { clockSkewCorrected: true } });
        }
        const sdkError = error as SdkError;
        const isSentAgain =
          isThrottlingError(sdkError) || isTransientError(sdkError) || isServerError(sdkError);
        if (isSentAgain) {
          expect(isRetryable(error)).toBe(true);
        }
        if (isSentAgain || isClockSkewError(sdkError)) {
          expect(isPermanent(error)).toBe(false);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('or any other thrown value is classified', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (thrown, cause, name) => {
        expect(typeof isPermanent(thrown)).toBe('boolean');
        const odd = Object.assign(new Error('', { cause }), { name });
        expect(typeof isPermanent(odd)).toBe('boolean');
        expect(typeof isRetryable(odd)).toBe('boolean');
      }),
    );
    expect(isPermanent(Object.assign(new Error(), { cause: null }))).toBe(false);
  });
});

describe('another permanent error', () => {
  test('is a PermanentError with any cause', () => {
    const cause = awsError('ThrottlingException', 400);
    expect(isPermanent(new PermanentError('no such account', { cause }))).toBe(true);
  });

  test('is an event of the wrong form', () => {
    for (const name of ['ValiError', 'ZodError', 'NotAWhatsAppEventError']) {
      expect(isPermanent(awsError(name))).toBe(true);
    }
  });

  test.each([400, 401, 403, 404, 410, 422])('is the status %i of an HTTP API', (status) => {
    expect(isPermanent(Object.assign(new Error(), { status }))).toBe(true);
    expect(isPermanent(Object.assign(new Error(), { statusCode: status }))).toBe(true);
  });

  test.each([408, 409, 412, 425, 429, 500, 502, 503, 504])('is not the status %i', (status) => {
    expect(isPermanent(Object.assign(new Error(), { status }))).toBe(false);
  });
});

test.each([
  ['InternalFailure', true],
  ['InternalException', true],
  ['ThrottlingException', true],
  ['MalformedDetail', false],
  ['NotAuthorizedForSourceException', false],
  ['AccessDeniedException', false],
])('an entry that the bus refuses with %s is retried: %s', (code, expected) => {
  expect(isRetryableCode(code)).toBe(expected);
});
