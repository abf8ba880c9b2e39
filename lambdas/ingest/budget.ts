import { limits, worstCaseMs } from '../runtime/limits.ts';

/** Milliseconds for which PutEvents is retried before refused events go to the spill queue. */
export const publishBudgetMs = 1_500;

/** Milliseconds for the first of two steps at the deduplication table; only then there may be a second. */
export const acquireBudgetMs = worstCaseMs(limits.deduplication);

/**
 * Milliseconds that events wait for the table of identities after deduplication is done; the two are looked
 * up at the same time. Without its answer the events are published as they are, marked.
 */
export const identityReadMs = 250;

/**
 * Milliseconds that the answer waits for new pairs to be stored, once the events are published. It runs beside
 * the completion of their records.
 */
export const identityWriteMs = 2_000;

/**
 * Milliseconds that each step of one webhook takes at most, one after the other. The stack's timeout of
 * the function is longer than all together, and what the API lets the function take is longer than that.
 */
export const stepBudgetsMs = {
  /** Again where a proof does not fit, for secrets that are newer. */
  secrets: 2 * worstCaseMs(limits.secrets),
  /** Again where a copy's holder has ended, or the item is full. */
  acquire: 2 * acquireBudgetMs,
  identities: identityReadMs,
  claimCheck: worstCaseMs(limits.claimChecks),
  /** The last attempt may begin when the budget is over. */
  publish: publishBudgetMs + worstCaseMs(limits.bus),
  spill: worstCaseMs(limits.spill),
  complete: Math.max(worstCaseMs(limits.deduplication), identityWriteMs),
  /** Parsing and serializing the largest body, on the CPU of the smallest memory. */
  compute: 1_000,
} as const;

/**
 * Milliseconds after the function's timeout at which the invocation that acquired a record has certainly
 * ended: room for clocks that differ.
 */
export const clockToleranceMs = 1_000;

/** Milliseconds for which WAHA tries with its defaults: 15 retries, 2 seconds apart. */
export const senderRetryMs = 30_000;
