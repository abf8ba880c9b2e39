/** Timeouts and attempts of one client's calls. */
export interface Limits {
  /** Number of attempts, including the first. */
  readonly maxAttempts: number;
  /** Milliseconds until the connection is open. */
  readonly connectMs: number;
  /** Milliseconds for the response of one attempt, the connection included. */
  readonly responseMs: number;
}

/** The limits of each use of AWS. Those of ingest together fit into its function's timeout (ingest/budget.ts). */
export const limits = {
  /** `publish` retries itself, since it must check the result of each entry. */
  bus: { maxAttempts: 1, connectMs: 1_000, responseMs: 1_500 },
  secrets: { maxAttempts: 2, connectMs: 1_000, responseMs: 1_200 },
  /** If the table does not respond in time, an event is published without deduplication, and marked. */
  deduplication: { maxAttempts: 2, connectMs: 500, responseMs: 1_000 },
  /** Ingest ends a call earlier: see `identityReadMs` and `identityWriteMs` in ingest/budget.ts. */
  identities: { maxAttempts: 2, connectMs: 500, responseMs: 1_000 },
  /** An idempotent consumer calls the table before and after each event. */
  idempotency: { maxAttempts: 3, connectMs: 1_000, responseMs: 3_000 },
  state: { maxAttempts: 4, connectMs: 1_000, responseMs: 3_000 },
  /** The spill queue is the last resort before the sender has to retry. */
  spill: { maxAttempts: 2, connectMs: 1_000, responseMs: 1_200 },
  /** A consumer's queue and its dead-letter queue. */
  queues: { maxAttempts: 2, connectMs: 1_000, responseMs: 3_000 },
  claimChecks: { maxAttempts: 2, connectMs: 1_000, responseMs: 1_500 },
} as const satisfies Record<string, Limits>;

/**
 * Maximum pause in milliseconds of the SDK's standard retry mode before the second attempt, after throttling.
 */
const maxFirstPauseMs = 500;

/** Maximum milliseconds of a call, with all its attempts and the SDK's pauses between them. */
export function worstCaseMs({ maxAttempts, responseMs }: Limits): number {
  return maxAttempts * responseMs + (2 ** (maxAttempts - 1) - 1) * maxFirstPauseMs;
}
