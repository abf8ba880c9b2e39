import {
  type CompiledPattern,
  compilePattern,
  type Leaf,
  matches,
} from '@event-fanout/event-pattern';

/** What a rule asks beside the type: one list for each way through the pattern's `$or`s. */
export interface Hearing {
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
export function hearingOf(pattern: string, example: object): Hearing | undefined {
  const compiled = compilePattern(pattern);
  const open = compiled.branches
    .filter((branch) => matches(partOf(compiled, branch.filter(isFixed)), example))
    .map((branch) => branch.filter((leaf) => !isFixed(leaf)));
  if (open.length === 0) return undefined;
  if (open.some((leaves) => leaves.length === 0)) return { always: true, conditions: [] };
  const conditions = open.map((leaves) => leaves.map(({ path, demanded }) => ({ path, demanded })));
  return { always: false, conditions };
}

const isFixed = ({ path }: Leaf) => fixedFields.has(path);

const partOf = ({ text, readsNumbers }: CompiledPattern, leaves: readonly Leaf[]) => ({
  text,
  readsNumbers,
  branches: [leaves],
});
