import { isClockSkewError, StandardRetryStrategy } from '@smithy/core/retry';
import type {
  RetryErrorInfo,
  StandardRetryBackoffStrategy,
  StandardRetryToken,
} from '@smithy/types';

/** Maximum milliseconds before the second attempt of a call. Each further pause is twice as long at most. */
export const maxFirstPauseMs = 500;

/**
 * The SDK's standard retry mode with an upper bound for its pauses. The SDK waits up to a second before the
 * second attempt after throttling, and up to five seconds longer than its own pause if the response has the
 * header `retry-after` or `x-amz-retry-after` (`StandardRetryStrategy` in `@smithy/core/retry`). A caller with
 * a time budget cannot wait that long.
 *
 * It also retries every error of a wrong clock. The SDK retries one only if it finds that this response has
 * changed its correction of the clock; with `cacheMiddleware`, parallel calls share the value that it compares.
 */
export class BoundedRetryStrategy extends StandardRetryStrategy {
  constructor(maxAttempts: number) {
    super({ maxAttempts, backoff: new BoundedBackoff() });
  }

  override refreshRetryTokenForRetry(
    token: StandardRetryToken,
    errorInfo: RetryErrorInfo,
  ): Promise<StandardRetryToken> {
    const { error, retryAfterHint } = errorInfo;
    const bounded = { ...errorInfo };
    if (retryAfterHint) {
      const latest = Date.now() + maxFirstPauseMs * 2 ** token.getRetryCount();
      bounded.retryAfterHint = new Date(Math.min(retryAfterHint.getTime(), latest));
    }
    if (error && isClockSkewError(error)) {
      bounded.errorType = 'TRANSIENT';
    }
    return super.refreshRetryTokenForRetry(token, bounded);
  }
}

/** Pauses as in the SDK, doubled each time, with full jitter, but with an upper bound for the first. */
class BoundedBackoff implements StandardRetryBackoffStrategy {
  #baseMs = maxFirstPauseMs;

  setDelayBase(ms: number): void {
    this.#baseMs = Math.min(ms, maxFirstPauseMs);
  }

  computeNextBackoffDelay(retryCount: number): number {
    return Math.random() * this.#baseMs * 2 ** retryCount;
  }
}
