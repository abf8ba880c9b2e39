/**
 * Quotas of us-east-1, from AWS's pages of quotas as of 2026-11-22; other regions have less (PutEvents 600
 * to 2,400 a second in most). {@link raised} says which can be raised.
 */
export const quotas = {
  /** API Gateway: requests a second of an account, and at once. */
  frontDoorRate: 10_000,
  frontDoorBurst: 5_000,
  /** Lambda: function instances at once in an account; how many a function gets more in ten seconds. */
  concurrency: 1_000,
  concurrencyStep: 1_000,
  /** EventBridge: PutEvents calls a second, and deliveries to targets a second; what is above waits. */
  putEvents: 10_000,
  deliveries: 18_750,
  /** Lambda's pollers of a queue: at the start, more in a minute, and at most. */
  pollersAtStart: 5,
  pollersAMinute: 300,
  pollersAtMost: 1_250,
} as const;

/** Limits that a path is simulated with; `Infinity` where there is none. */
export type Limits = { readonly [Name in keyof typeof quotas]: number };

/** What this stack sets by itself, below the quotas. */
export const defaultLimits: Limits = { ...quotas, frontDoorRate: 500, frontDoorBurst: 1_000 };

/** The quotas that AWS raises on request, so many times. Those of pollers stay. */
export const raised = (times: number): Limits => ({
  ...quotas,
  frontDoorRate: quotas.frontDoorRate * times,
  frontDoorBurst: quotas.frontDoorBurst * times,
  concurrency: quotas.concurrency * times,
  putEvents: quotas.putEvents * times,
  deliveries: quotas.deliveries * times,
});
