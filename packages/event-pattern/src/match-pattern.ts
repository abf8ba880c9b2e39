import { satisfiableTogether } from './array-consistency.ts';
import type { Branch, CompiledPattern, Leaf } from './compile-pattern.ts';
import { type EventFields, FieldTable } from './event-fields.ts';
import { readEvent } from './field-value.ts';

/**
 * Whether an event, given as JSON text or already parsed, matches. Text is matched exactly; a
 * parsed event's numbers are taken as JavaScript writes them.
 */
export function matches(pattern: CompiledPattern, event: unknown): boolean {
  const { fields, branches } = readFields(pattern, event);
  return branches.some((branch) => matchesBranch(branch, fields));
}

interface Bound {
  readonly table: FieldTable;
  readonly branches: readonly BoundBranch[];
}

const boundPatterns = new WeakMap<CompiledPattern, Bound>();

/** The pattern's branches and the event's values for them. */
function readFields(
  pattern: CompiledPattern,
  event: unknown,
): { readonly fields: EventFields; readonly branches: readonly BoundBranch[] } {
  let bound = boundPatterns.get(pattern);
  if (!bound) {
    const table = new FieldTable();
    bound = { table, branches: pattern.branches.map((branch) => bindBranch(branch, table)) };
    boundPatterns.set(pattern, bound);
  }
  const parsed = typeof event === 'string' ? readEvent(event, pattern.readsNumbers) : event;
  return { fields: bound.table.read(parsed), branches: bound.branches };
}

/** A leaf with the slot that its field has in a {@link FieldTable}. */
export interface BoundLeaf {
  readonly leaf: Leaf;
  readonly slot: number;
}

export type BoundBranch = readonly BoundLeaf[];

export function bindBranch(branch: Branch, table: FieldTable): BoundBranch {
  return branch.map((leaf) => ({ leaf, slot: table.slotOf(leaf.path) }));
}

/** Whether the leaf on its own is satisfied by some value of the event. */
export function isLeafSatisfied({ leaf, slot }: BoundLeaf, fields: EventFields): boolean {
  const occurrences = fields.at(slot);
  if (occurrences.length === 0) {
    return leaf.mayBeAbsent;
  }
  for (const { value } of occurrences) {
    if (leaf.accepts(value)) {
      return true;
    }
  }
  return false;
}

/** Whether an event satisfies every leaf of the branch, without mixing elements of an array. */
export function matchesBranch(branch: BoundBranch, fields: EventFields): boolean {
  if (fields.hasElements && needsOneElement(branch, fields)) {
    return matchesInElements(branch, fields);
  }
  for (const bound of branch) {
    if (!isLeafSatisfied(bound, fields)) {
      return false;
    }
  }
  return true;
}

/** Elements can conflict only between two fields that are both inside arrays. */
function needsOneElement(branch: BoundBranch, fields: EventFields): boolean {
  let inElements = 0;
  for (const { slot } of branch) {
    if (fields.at(slot).some(({ element }) => element)) {
      inElements += 1;
    }
  }
  return inElements > 1;
}

function matchesInElements(branch: BoundBranch, fields: EventFields): boolean {
  const findings = [];
  for (const { leaf, slot } of branch) {
    const present = fields.at(slot);
    const accepted = present.filter(({ value }) => leaf.accepts(value));
    if (accepted.length === 0 && !leaf.mayBeAbsent) {
      return false;
    }
    findings.push({ accepted, present, mayBeAbsent: leaf.mayBeAbsent });
  }
  return satisfiableTogether(findings);
}

/** One field of a pattern that an event did not satisfy, and why. */
export interface LeafFailure {
  /** The field's names joined by dots: `detail.meta.type`. */
  readonly path: string;
  /** The pattern's list for the field, as compact JSON. */
  readonly expected: string;
  /** The event's values for the field, as JSON; empty when it has none. */
  readonly actual: readonly string[];
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
    const actual = fields.at(slot).map(({ value }) => printValue(value));
    const reason = apart ? 'other-element' : actual.length === 0 ? 'missing' : 'different';
    return { path: leaf.path, expected: leaf.expected, actual, reason };
  });
}

const printValue = ({ kind, text }: { readonly kind: string; readonly text: string }) =>
  kind === 'string' ? JSON.stringify(text.slice(1, -1)) : text;
