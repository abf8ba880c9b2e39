import type { Target } from '../resources/resources.ts';

/** How long and how often a delivery is tried again (API reference, RetryPolicy). */
export interface RetryPolicy {
  /** 0 to 185. @default 185 */
  readonly maximumRetryAttempts: number;
  /** 60 seconds to 24 hours, in milliseconds. @default 24 hours */
  readonly maximumEventAgeMs: number;
}

export const MOST_RETRIES = 185;
export const LONGEST_AGE_SECONDS = 86_400;

export function retryPolicyOf({ RetryPolicy: given }: Target): RetryPolicy {
  return {
    maximumRetryAttempts: given?.MaximumRetryAttempts ?? MOST_RETRIES,
    maximumEventAgeMs: (given?.MaximumEventAgeInSeconds ?? LONGEST_AGE_SECONDS) * 1000,
  };
}

const FIRST_DELAY_MS = 1000;

/**
 * AWS says "for 24 hours and up to 185 times with an exponential back off and jitter" and not more.
 * With this longest delay, jitter included, 185 retries take 23 of the 24 hours.
 */
const LONGEST_DELAY_MS = 600_000;

/** The pause after a failed attempt (1 for the first): twice as long each time, with jitter. */
export function delayAfter(attempt: number, random: () => number): number {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
  return Math.round(longest * (0.5 + random() / 2));
}
