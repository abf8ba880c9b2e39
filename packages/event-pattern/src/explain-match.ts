import type { CompiledPattern } from './compile-pattern.ts';
import type { EventFields } from './event-fields.ts';
import { type BoundBranch, isLeafSatisfied, matchesBranch, readFields } from './match-pattern.ts';

/** One field of a pattern that an event did not satisfy, and why. */
export interface LeafFailure {
  /** The field's names joined by dots: `detail.meta.type`. */
  readonly path: string;
  /** The pattern's list for the field, as compact JSON. */
  readonly demanded: string;
  /** The event's values for the field, as JSON; empty when it has none. */
  readonly saw: readonly string[];
  /**
   * - `missing`: the event has no such field;
   * - `different`: no value is acceptable, or the field must be absent and is present;
   * - `other-element`: acceptable, but only in another element of an array than the values that
   *   the pattern's other fields need.
   */
  readonly reason: 'missing' | 'different' | 'other-element';
}

/** The outcome of matching one pattern with one event. */
export interface MatchExplanation {
  readonly matches: boolean;
  /** The failures of the branch that has the fewest; empty when the event matches. */
  readonly failures: readonly LeafFailure[];
  /** The failures of each combination of `$or` branches, those with the fewest first. */
  readonly branches: readonly (readonly LeafFailure[])[];
}

/** Explains why an event, given as JSON text or parsed, does or does not match a pattern. */
export function explainMatch(pattern: CompiledPattern, event: unknown): MatchExplanation {
  const { fields, branches } = readFields(pattern, event);
  if (branches.some((branch) => matchesBranch(branch, fields))) {
    return { matches: true, failures: [], branches: [] };
  }
  const explained = branches
    .map((branch) => failuresOf(branch, fields))
    .sort((a, b) => a.length - b.length);
  return { matches: false, failures: explained[0] ?? [], branches: explained };
}

function failuresOf(branch: BoundBranch, fields: EventFields): LeafFailure[] {
  const failing = branch.filter((bound) => !isLeafSatisfied(bound, fields));
  const apart = failing.length === 0;
  const blamed = apart
    ? branch.filter(({ slot }) => fields.at(slot).some(({ element }) => element))
    : failing;
  return blamed.map(({ leaf, slot }) => {
    const saw = fields.at(slot).map(({ value }) => printValue(value));
    const reason = apart ? 'other-element' : saw.length === 0 ? 'missing' : 'different';
    return { path: leaf.path, demanded: leaf.demanded, saw, reason };
  });
}

const printValue = ({ kind, text }: { readonly kind: string; readonly text: string }) =>
  kind === 'string' ? JSON.stringify(text.slice(1, -1)) : text;
