import {
  type CompiledPattern,
  compilePattern,
  explainMatch,
  type Leaf,
  type LeafFailure,
  matches,
} from '@event-fanout/event-pattern';
import type { SubscribedRule } from './rule.ts';

/** Result of matching an event against one rule. */
export interface RuleExplanation {
  readonly rule: SubscribedRule;
  readonly matches: boolean;
  /** The failed fields of the nearest `$or` branch; empty when the pattern matches. */
  readonly failures: readonly LeafFailure[];
  /** Number of fields in this branch, failed or not. */
  readonly fields: number;
}

/**
 * Matches an event against each rule: matching rules first, then the others, nearest first. The nearest
 * rule has the fewest failed fields and, among equals, the most fields.
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

/** A rule's conditions besides the type: one list for each `$or` branch of the pattern. */
export interface Subscription {
  /** Whether the rule matches every event of the type. */
  readonly always: boolean;
  /** Otherwise, the further conditions: all conditions of at least one list must match. */
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
 * The conditions under which a rule matches events of a type; undefined when it never does.
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
