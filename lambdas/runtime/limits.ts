/** How long and how often a client tries one call. */
export interface Limits {
  /** The first attempt included. */
  readonly maxAttempts: number;
  /** Milliseconds until the connection is open. */
  readonly connectMs: number;
  /** Milliseconds for the response of one attempt, the connection included. */
  readonly responseMs: number;
}

/** The limits of each use of AWS. Those of ingest together fit into its function's timeout (ingest/budget.ts). */
export const limits = {
  /** `publish` tries again itself: it has to look at each entry's result anyway. */
  bus: { maxAttempts: 1, connectMs: 1_000, responseMs: 1_500 },
  secrets: { maxAttempts: 2, connectMs: 1_000, responseMs: 1_200 },
  /** An event is published without deduplication, and marked, where the table does not answer in time. */
  deduplication: { maxAttempts: 2, connectMs: 500, responseMs: 1_000 },
  /** Ingest ends a call earlier: see `identityReadMs` and `identityWriteMs` in its budget.ts. */
  identities: { maxAttempts: 2, connectMs: 500, responseMs: 1_000 },
  /** A consumer calls it before and after each event. */
  idempotency: { maxAttempts: 3, connectMs: 1_000, responseMs: 3_000 },
  state: { maxAttempts: 4, connectMs: 1_000, responseMs: 3_000 },
  /** The spill queue is the last resort before the sender has to try again. */
  spill: { maxAttempts: 2, connectMs: 1_000, responseMs: 1_200 },
  /** A consumer's queue and its dead-letter queue. */
  queues: { maxAttempts: 2, connectMs: 1_000, responseMs: 3_000 },
  claimChecks: { maxAttempts: 2, connectMs: 1_000, responseMs: 1_500 },
} as const satisfies Record<string, Limits>;

/** The longest pause of the SDK's standard retry mode before the second attempt, where it is throttled. */
const maxFirstPauseMs = 500;

/** Milliseconds that a call takes at most, with all its attempts and the SDK's pauses between them. */
export function worstCaseMs({ maxAttempts, responseMs }: Limits): number {
  return maxAttempts * responseMs + (2 ** (maxAttempts - 1) - 1) * maxFirstPauseMs;
}
