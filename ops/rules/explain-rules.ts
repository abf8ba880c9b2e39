import { compilePattern, explainMatch, type LeafFailure } from '@event-fanout/event-pattern';
import type { HeardRule } from './rule.ts';

/** What one rule makes of an event. */
export interface RuleExplanation {
  readonly rule: HeardRule;
  readonly matches: boolean;
  /** What failed on the way through the pattern that came nearest; empty when it matches. */
  readonly failures: readonly LeafFailure[];
  /** Fields that this way looks at, failed or not. */
  readonly fields: number;
}

/**
 * What each rule makes of an event: those that match first, then those that do not, the nearest
 * first. Nearest is what fails in the fewest fields, and of those what looks at the most.
 *
 * @param event JSON text, or parsed
 * @throws InvalidEventPattern for a pattern that EventBridge would refuse
 */
export function explainRules(
  rules: readonly HeardRule[],
  event: unknown,
): readonly RuleExplanation[] {
  return rules
    .map((rule): RuleExplanation => {
      const pattern = compilePattern(rule.pattern);
      const { matches, failures } = explainMatch(pattern, event);
      const fields = Math.max(...pattern.branches.map((branch) => branch.length));
      return { rule, matches, failures, fields };
    })
    .sort(
      (a, b) =>
        Number(b.matches) - Number(a.matches) ||
        a.failures.length - b.failures.length ||
        b.fields - a.fields,
    );
}
