/** What a look has found: well, not well, or it could not be looked. */
export type Verdict = 'ok' | 'degraded' | 'unknown';

/** One thing that was looked at. */
export interface Check {
  readonly area: 'front door' | 'bus' | 'rule' | 'consumer' | 'end queue' | 'function' | 'session';
  readonly name: string;
  readonly verdict: Verdict;
  /** What is wrong and what to do, one sentence for each; empty when all is well. */
  readonly problems: readonly string[];
  /** What was seen. Nothing personal. */
  readonly facts: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** Exit statuses of `fanout status`; 2 is for a wrong call. */
export const exitStatus: Readonly<Record<Verdict, number>> = { ok: 0, degraded: 1, unknown: 3 };

/**
 * How long an event may wait for a function. Redeliveries with growing pauses take up to ten minutes
 * before an event becomes a dead letter; what waits longer is not being worked on.
 */
export const usualMaxAgeMs = 15 * 60_000;

/** The verdict on the whole: degraded where anything is, else unknown where anything is. */
export function judge(checks: readonly Pick<Check, 'verdict'>[]): Verdict {
  const worst = (['degraded', 'unknown'] as const).find((verdict) =>
    checks.some((check) => check.verdict === verdict),
  );
  return worst ?? 'ok';
}

/** A check that is well unless something is wrong. */
export function check(
  area: Check['area'],
  name: string,
  problems: readonly string[],
  facts: Check['facts'],
): Check {
  return { area, name, verdict: problems.length > 0 ? 'degraded' : 'ok', problems, facts };
}
