import { AwsError, NoAnswerError } from './aws-error.ts';

/** How often and how long a call is tried. */
export interface Persistence {
  /** Tries, the first included. */
  readonly attempts: number;
  /** Milliseconds after which no further try begins. */
  readonly budgetMs: number;
}

/** What a test replaces. */
export interface RetryPorts {
  readonly now?: () => number;
  readonly wait?: (ms: number) => Promise<void>;
  readonly random?: () => number;
}

/** The first pause is at most this long, each further one twice as long, with full jitter. */
const firstPauseMs = 50;

/** The codes by which the services that are called here throttle, as the SDK knows them (@smithy/core, retry). */
const throttled =
  /Throttl|(Limit|Throughput)Exceeded|SlowDown|TooManyRequests|TransactionInProgress/;

/** Codes of what may pass although their status is that of a caller's fault. */
const passing = /^RequestTimeout(Exception)?$/;

/** Whether the same request may succeed when it is sent again. */
export function mayPass(error: unknown): boolean {
  if (error instanceof NoAnswerError) return true;
  if (!(error instanceof AwsError)) return false;
  const { httpStatusCode } = error.$metadata;
  return (
    httpStatusCode >= 500 ||
    httpStatusCode === 429 ||
    throttled.test(error.name) ||
    passing.test(error.name)
  );
}

/** Does it again while that can help, attempts are left and the budget is not used up. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { attempts, budgetMs }: Persistence,
  { now = Date.now, wait = pause, random = Math.random }: RetryPorts = {},
): Promise<T> {
  const deadline = now() + budgetMs;
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      const pauseMs = random() * firstPauseMs * 2 ** (tried - 1);
      if (tried >= attempts || !mayPass(error) || now() + pauseMs >= deadline) throw error;
      await wait(pauseMs);
    }
  }
}

/** Resolves after a while. */
export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
