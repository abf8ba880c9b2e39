import type { CompiledPattern } from './compile-pattern.ts';
import { type EventFields, FieldTable } from './event-fields.ts';
import type { FieldValue, IndexKey } from './field-value.ts';
import { readEvent } from './field-value.ts';
import {
  type BoundBranch,
  type BoundLeaf,
  bindBranch,
  isLeafSatisfied,
  matchesBranch,
} from './match-pattern.ts';

/** One branch of a rule's pattern in the index. */
interface Entry<Rule> {
  readonly rule: Rule;
  readonly order: number;
  readonly branch: BoundBranch;
  /** A number for each leaf. Equal leaves of different rules have the same, and are tested once. */
  readonly leafIds: readonly number[];
}

/**
 * Matches an event with many rules in one pass. A branch is tested only when the event has a value
 * with a key of one of its leaves. A branch whose leaves have no keys is always tested.
 */
export class RuleIndex<Rule> {
  readonly #patterns = new Map<Rule, CompiledPattern>();
  #built: BuiltIndex<Rule> | undefined;

  /** Adds a rule, or replaces its pattern. */
  add(rule: Rule, pattern: CompiledPattern): void {
    this.#patterns.set(rule, pattern);
    this.#built = undefined;
  }

  remove(rule: Rule): void {
    this.#patterns.delete(rule);
    this.#built = undefined;
  }

  /** Whether a rule needs the text of an event's numbers (see {@link readEvent}). */
  get readsNumbers(): boolean {
    return this.#index().readsNumbers;
  }

  /** The rules that an event matches, in the order in which they were added. */
  matching(event: unknown): Rule[] {
    const index = this.#index();
    return index.matching(typeof event === 'string' ? readEvent(event, index.readsNumbers) : event);
  }

  /** Rebuilds the index at the next event after a change, because rules change rarely. */
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
      const kind = `${leaf.path}\n${leaf.expected}`;
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
    for (const entry of entries) {
      if (!this.#keyed.add(entry.branch, entry)) {
        this.#always.push(entry);
      }
    }
  }

  matching(event: unknown): Rule[] {
    const fields = this.#table.read(event);
    const outcomes = new Int8Array(this.#leafKinds);
    const matched = new Map<Rule, number>();
    const attempt = (entry: Entry<Rule>) => {
      if (!matched.has(entry.rule) && this.#matches(entry, fields, outcomes)) {
        matched.set(entry.rule, entry.order);
      }
    };
    this.#keyed.find(fields, attempt);
    this.#always.forEach(attempt);
    return [...matched].sort(([, a], [, b]) => a - b).map(([rule]) => rule);
  }

  #matches({ branch, leafIds }: Entry<Rule>, fields: EventFields, outcomes: Int8Array): boolean {
    for (let at = 0; at < branch.length; at += 1) {
      const id = leafIds[at] ?? 0;
      if (outcomes[id] === 0) {
        outcomes[id] = isLeafSatisfied(branch[at] as BoundLeaf, fields) ? 1 : -1;
      }
      // A leaf that may be absent can still be so in the elements that the other leaves choose.
      if (outcomes[id] === -1 && !(fields.hasElements && branch[at]?.leaf.mayBeAbsent)) {
        return false;
      }
    }
    return !fields.hasElements || matchesBranch(branch, fields);
  }
}

/** The indexed items of one field. */
interface FieldIndex<Item> {
  readonly exact: Map<string, Item[]>;
  readonly number: Map<bigint, Item[]>;
  /** By length, then by text. */
  readonly prefix: Map<number, Map<string, Item[]>>;
  readonly suffix: Map<number, Map<string, Item[]>>;
}

/** Finds items by the values of an event, through the keys of one leaf of each item's branch. */
class KeyIndex<Item> {
  readonly #fields = new Map<number, FieldIndex<Item>>();
  readonly #frequency = new Map<string, number>();

  /** @param branches all that will be added, to count how often each key occurs in them. */
  constructor(branches: readonly BoundBranch[]) {
    for (const { slot, leaf } of branches.flat()) {
      for (const key of leaf.keys ?? []) {
        const name = nameOf(slot, key);
        this.#frequency.set(name, (this.#frequency.get(name) ?? 0) + 1);
      }
    }
  }

  /** Indexes an item by the leaf whose keys are the rarest. Returns false when no leaf has keys. */
  add(branch: BoundBranch, item: Item): boolean {
    let best: { slot: number; keys: readonly IndexKey[]; frequency: number } | undefined;
    for (const { slot, leaf } of branch) {
      if (!leaf.keys) {
        continue;
      }
      const frequency = leaf.keys.reduce(
        (sum, key) => sum + (this.#frequency.get(nameOf(slot, key)) ?? 0),
        0,
      );
      if (!best || frequency < best.frequency) {
        best = { slot, keys: leaf.keys, frequency };
      }
    }
    if (!best) {
      return false;
    }
    const index = this.#fieldIndex(best.slot);
    for (const key of best.keys) {
      insert(index, key, item);
    }
    return true;
  }

  /** Calls `found` with each item one of whose keys is in the event, once or more often. */
  find(fields: EventFields, found: (item: Item) => void): void {
    for (const [slot, index] of this.#fields) {
      for (const { value } of fields.at(slot)) {
        lookUp(index, value, found);
      }
    }
  }

  #fieldIndex(slot: number): FieldIndex<Item> {
    const index = this.#fields.get(slot) ?? {
      exact: new Map(),
      number: new Map(),
      prefix: new Map(),
      suffix: new Map(),
    };
    this.#fields.set(slot, index);
    return index;
  }
}

const nameOf = (slot: number, key: IndexKey) =>
  key.by === 'number' ? `${slot} number ${key.millionths}` : `${slot} ${key.by} ${key.text}`;

function insert<Item>(index: FieldIndex<Item>, key: IndexKey, item: Item): void {
  if (key.by === 'number') {
    append(index.number, key.millionths, item);
  } else if (key.by === 'exact') {
    append(index.exact, key.text, item);
  } else {
    const byLength = index[key.by];
    const byText = byLength.get(key.text.length) ?? new Map<string, Item[]>();
    byLength.set(key.text.length, byText);
    append(byText, key.text, item);
  }
}

function append<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const items = map.get(key);
  if (items) {
    items.push(item);
  } else {
    map.set(key, [item]);
  }
}

function lookUp<Item>(
  index: FieldIndex<Item>,
  value: FieldValue,
  found: (item: Item) => void,
): void {
  const { text } = value;
  index.exact.get(text)?.forEach(found);
  if (index.number.size > 0 && value.millionths !== undefined) {
    index.number.get(value.millionths)?.forEach(found);
  }
  for (const [length, byText] of index.prefix) {
    byText.get(text.slice(0, length))?.forEach(found);
  }
  for (const [length, byText] of index.suffix) {
    byText.get(text.slice(-length))?.forEach(found);
  }
}
