import { limits, worstCaseMs } from '../runtime/aws-clients.ts';

/** Milliseconds for which PutEvents is retried before refused events go to the spill queue. */
export const publishBudgetMs = 1_500;

/** Milliseconds for the first of two possible steps at the deduplication table. */
export const acquireBudgetMs = worstCaseMs(limits.deduplication);

/**
 * Milliseconds that events wait for the table of identities after deduplication is done; both are read at the
 * same time. Without a response the events are published as they are, marked with `meta.identities`.
 */
export const identityReadMs = 250;

/**
 * Milliseconds for which new pairs may be written before ingest responds, once the events are published. It
 * runs in parallel with the completion of their records.
 */
export const identityWriteMs = 2_000;

/**
 * Maximum milliseconds of each step of one webhook; the steps run one after the other. The function's timeout
 * is longer than their sum, and the API's integration timeout is longer than the function's.
 */
export const stepBudgetsMs = {
  /** Secrets are read a second time if none matches. */
  secrets: 2 * worstCaseMs(limits.secrets),
  /** A record is acquired a second time if the holder of a copy has ended, or if the item is full. */
  acquire: 2 * acquireBudgetMs,
  identities: identityReadMs,
  claimCheck: worstCaseMs(limits.claimChecks),
  /** The last attempt may start just before the budget ends. */
  publish: publishBudgetMs + worstCaseMs(limits.bus),
  spill: worstCaseMs(limits.spill),
  complete: Math.max(worstCaseMs(limits.deduplication), identityWriteMs),
  /** Parsing and serializing the largest body with the smallest memory size. */
  compute: 1_000,
} as const;

/**
 * Milliseconds added to the function's timeout before an invocation counts as ended: tolerance for clocks
 * that differ.
 */
export const clockToleranceMs = 1_000;

/** Milliseconds for which WAHA retries with its defaults: 15 retries, 2 seconds apart. */
export const senderRetryMs = 30_000;
