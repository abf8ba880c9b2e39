import {
  type CompiledPattern,
  compilePattern,
  explainMatch,
  type Leaf,
  type LeafFailure,
  matches,
} from '@event-fanout/event-pattern';
import type { SubscribedRule } from './rule.ts';

/** What one rule makes of an event. */
export interface RuleExplanation {
  readonly rule: SubscribedRule;
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
  rules: readonly SubscribedRule[],
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

/** What a rule asks beside the type: one list for each way through the pattern's `$or`s. */
export interface Subscription {
  /** Whether events of the type come by the rule whatever else is in them. */
  readonly always: boolean;
  /** Otherwise, the fields that decide and what each must be; one of the lists has to hold. */
  readonly conditions: readonly (readonly Condition[])[];
}

/** A field and the pattern's list for it. */
export interface Condition {
  readonly path: string;
  /** Compact JSON. */
  readonly demanded: string;
}

/** Fields that are the same for all events of a type. */
const fixedFields: ReadonlySet<string> = new Set([
  'source',
  'detail-type',
  'detail.meta.type',
  'detail.meta.category',
]);

/**
 * How a rule hears events of a type; undefined when it does not.
 *
 * @param example an event of the type, parsed, of which only the fields count that its type decides
 */
export function subscriptionOf(pattern: string, example: object): Subscription | undefined {
  const compiled = compilePattern(pattern);
  const open = compiled.branches
    .filter((branch) => matches(partOf(compiled, branch.filter(isFixed)), example))
    .map((branch) => branch.filter((leaf) => !isFixed(leaf)));
  if (open.length === 0) {
    return undefined;
  }
  if (open.some((leaves) => leaves.length === 0)) {
    return { always: true, conditions: [] };
  }
  const conditions = open.map((leaves) => leaves.map(({ path, demanded }) => ({ path, demanded })));
  return { always: false, conditions };
}

const isFixed = ({ path }: Leaf) => fixedFields.has(path);

const partOf = ({ text, readsNumbers }: CompiledPattern, leaves: readonly Leaf[]) => ({
  text,
  readsNumbers,
  branches: [leaves],
});
