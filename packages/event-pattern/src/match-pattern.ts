import type { CompiledPattern } from './compile-pattern.ts';
import { type EventFields, FieldTable } from './event-fields.ts';
import { type BoundBranch, bindBranch, matchesBranch } from './match-branch.ts';
import { readEvent } from './read-event.ts';

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
export function readFields(
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
