import type { CompiledPattern } from './compile-pattern.ts';
import { type EventFields, FieldTable } from './event-fields.ts';
import { KeyIndex } from './key-index.ts';
import {
  type BoundBranch,
  type BoundLeaf,
  bindBranch,
  isLeafSatisfied,
  matchesBranch,
} from './match-branch.ts';
import { readEvent } from './read-event.ts';

/** One branch of a rule's pattern in the index. */
interface Entry<Rule> {
  readonly rule: Rule;
  readonly order: number;
  readonly branch: BoundBranch;
  /** For each leaf, the number of its kind: equal leaves of different rules are tried once. */
  readonly leafIds: readonly number[];
}

/**
 * Many rules, matched with one pass over an event. A branch is only tried when a value that one of
 * its leaves demands is in the event; branches without such a leaf are tried always.
 */
export class RuleIndex<Rule> {
  readonly #patterns = new Map<Rule, CompiledPattern>();
  #built: BuiltIndex<Rule> | undefined;

  /** Adds a rule, or gives it another pattern. */
  add(rule: Rule, pattern: CompiledPattern): void {
    this.#patterns.set(rule, pattern);
    this.#built = undefined;
  }

  remove(rule: Rule): void {
    this.#patterns.delete(rule);
    this.#built = undefined;
  }

  /** Some rule needs the text of an event's numbers (see {@link readEvent}). */
  get readsNumbers(): boolean {
    return this.#index().readsNumbers;
  }

  /** The rules that an event matches, in the order in which they were added. */
  matching(event: unknown): Rule[] {
    const index = this.#index();
    return index.matching(typeof event === 'string' ? readEvent(event, index.readsNumbers) : event);
  }

  /** Rules change rarely and events come often, so any change rebuilds all at the next event. */
  #index(): BuiltIndex<Rule> {
    this.#built ??= new BuiltIndex(this.#patterns);
    return this.#built;
  }
}

class BuiltIndex<Rule> {
  readonly readsNumbers: boolean;
  readonly #table = new FieldTable();
  readonly #keyed: KeyIndex<Entry<Rule>>;
  readonly #always: Entry<Rule>[] = [];
  readonly #leafKinds: number;

  constructor(patterns: ReadonlyMap<Rule, CompiledPattern>) {
    this.readsNumbers = [...patterns.values()].some((pattern) => pattern.readsNumbers);
    const kinds = new Map<string, number>();
    const kindOf = ({ leaf }: BoundLeaf) => {
      const kind = `${leaf.path}\n${leaf.demanded}`;
      const id = kinds.get(kind) ?? kinds.size;
      kinds.set(kind, id);
      return id;
    };
    const entries: Entry<Rule>[] = [];
    let order = 0;
    for (const [rule, pattern] of patterns) {
      for (const leaves of pattern.branches) {
        const branch = bindBranch(leaves, this.#table);
        entries.push({ rule, order, branch, leafIds: branch.map(kindOf) });
      }
      order += 1;
    }
    this.#leafKinds = kinds.size;
    this.#keyed = new KeyIndex(entries.map(({ branch }) => branch));
    for (const entry of entries)
      if (!this.#keyed.add(entry.branch, entry)) this.#always.push(entry);
  }

  matching(event: unknown): Rule[] {
    const fields = this.#table.read(event);
    const outcomes = new Int8Array(this.#leafKinds);
    const matched = new Map<Rule, number>();
    const attempt = (entry: Entry<Rule>) => {
      if (!matched.has(entry.rule) && this.#matches(entry, fields, outcomes))
        matched.set(entry.rule, entry.order);
    };
    this.#keyed.find(fields, attempt);
    this.#always.forEach(attempt);
    return [...matched].sort(([, a], [, b]) => a - b).map(([rule]) => rule);
  }

  #matches({ branch, leafIds }: Entry<Rule>, fields: EventFields, outcomes: Int8Array): boolean {
    for (let at = 0; at < branch.length; at += 1) {
      const id = leafIds[at] ?? 0;
      if (outcomes[id] === 0)
        outcomes[id] = isLeafSatisfied(branch[at] as BoundLeaf, fields) ? 1 : -1;
      // A leaf that may be absent can still be so in the elements that the other leaves choose.
      if (outcomes[id] === -1 && !(fields.hasElements && branch[at]?.leaf.mayBeAbsent))
        return false;
    }
    return !fields.hasElements || matchesBranch(branch, fields);
  }
}
