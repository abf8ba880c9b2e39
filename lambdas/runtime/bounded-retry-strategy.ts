import { StandardRetryStrategy } from '@smithy/core/retry';
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
 */
export class BoundedRetryStrategy extends StandardRetryStrategy {
  constructor(maxAttempts: number) {
    super({ maxAttempts, backoff: new BoundedBackoff() });
  }

  override refreshRetryTokenForRetry(
    token: StandardRetryToken,
    errorInfo: RetryErrorInfo,
  ): Promise<StandardRetryToken> {
    const { retryAfterHint, ...rest } = errorInfo;
    if (!retryAfterHint) {
      return super.refreshRetryTokenForRetry(token, rest);
    }
    const latest = Date.now() + maxFirstPauseMs * 2 ** token.getRetryCount();
    const bounded = new Date(Math.min(retryAfterHint.getTime(), latest));
    return super.refreshRetryTokenForRetry(token, { ...rest, retryAfterHint: bounded });
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
