/**
 * How grave a finding is: nothing to do (`ok`), good to know (`note`), will hurt some day
 * (`warning`), hurts now (`error`), or it could not be looked at (`unknown`).
 */
export type Level = 'ok' | 'note' | 'warning' | 'error' | 'unknown';

/** What a look has found. */
export interface Finding {
  readonly level: Level;
  /** What was looked at: a word or two. */
  readonly about: string;
  /** What is. Nothing secret, nothing personal. */
  readonly what: string;
  /** Why it matters. */
  readonly why?: string;
  /** What to do. */
  readonly todo?: string;
}

/** Exit status of `fanout doctor`: 1 where something needs mending, 3 where it could not be told. */
export function exitStatusOf(findings: readonly Finding[]): number {
  const levels = new Set(findings.map(({ level }) => level));
  if (levels.has('error') || levels.has('warning')) return 1;
  return levels.has('unknown') ? 3 : 0;
}
