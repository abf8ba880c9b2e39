import type { CompiledPattern } from './compile-pattern.ts';
import { type EventFields, FieldTable } from './event-fields.ts';
import type { FieldValue, IndexKey } from './field-value.ts';
import {
  type BoundBranch,
  type BoundLeaf,
  bindBranch,
  isLeafSatisfied,
  matchesBranch,
} from './match-pattern.ts';
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

  /** Adds a rule, or replaces its pattern. */
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

/** The index entries of one field. */
interface Shelf<Item> {
  readonly exact: Map<string, Item[]>;
  readonly number: Map<bigint, Item[]>;
  /** By length, then by text. */
  readonly prefix: Map<number, Map<string, Item[]>>;
  readonly suffix: Map<number, Map<string, Item[]>>;
}

/** Finds items by the values of an event, through the keys of one leaf of each item's branch. */
export class KeyIndex<Item> {
  readonly #shelves = new Map<number, Shelf<Item>>();
  readonly #demand = new Map<string, number>();

  /** @param branches all that will be added, to see which keys are rare among them. */
  constructor(branches: readonly BoundBranch[]) {
    for (const { slot, leaf } of branches.flat()) {
      for (const key of leaf.keys ?? []) {
        const name = nameOf(slot, key);
        this.#demand.set(name, (this.#demand.get(name) ?? 0) + 1);
      }
    }
  }

  /** Indexes an item by the leaf whose keys are the rarest. Returns false when no leaf has keys. */
  add(branch: BoundBranch, item: Item): boolean {
    let best: { slot: number; keys: readonly IndexKey[]; demand: number } | undefined;
    for (const { slot, leaf } of branch) {
      if (!leaf.keys) {
        continue;
      }
      const demand = leaf.keys.reduce(
        (sum, key) => sum + (this.#demand.get(nameOf(slot, key)) ?? 0),
        0,
      );
      if (!best || demand < best.demand) {
        best = { slot, keys: leaf.keys, demand };
      }
    }
    if (!best) {
      return false;
    }
    const shelf = this.#shelf(best.slot);
    for (const key of best.keys) {
      file(shelf, key, item);
    }
    return true;
  }

  /** Calls `found` with each item one of whose keys is in the event, once or more often. */
  find(fields: EventFields, found: (item: Item) => void): void {
    for (const [slot, shelf] of this.#shelves) {
      for (const { value } of fields.at(slot)) {
        look(shelf, value, found);
      }
    }
  }

  #shelf(slot: number): Shelf<Item> {
    const shelf = this.#shelves.get(slot) ?? {
      exact: new Map(),
      number: new Map(),
      prefix: new Map(),
      suffix: new Map(),
    };
    this.#shelves.set(slot, shelf);
    return shelf;
  }
}

const nameOf = (slot: number, key: IndexKey) =>
  key.by === 'number' ? `${slot} number ${key.millionths}` : `${slot} ${key.by} ${key.text}`;

function file<Item>(shelf: Shelf<Item>, key: IndexKey, item: Item): void {
  if (key.by === 'number') {
    append(shelf.number, key.millionths, item);
  } else if (key.by === 'exact') {
    append(shelf.exact, key.text, item);
  } else {
    const byLength = shelf[key.by];
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

function look<Item>(shelf: Shelf<Item>, value: FieldValue, found: (item: Item) => void): void {
  const { text } = value;
  shelf.exact.get(text)?.forEach(found);
  if (shelf.number.size > 0 && value.millionths !== undefined) {
    shelf.number.get(value.millionths)?.forEach(found);
  }
  for (const [length, byText] of shelf.prefix) {
    byText.get(text.slice(0, length))?.forEach(found);
  }
  for (const [length, byText] of shelf.suffix) {
    byText.get(text.slice(-length))?.forEach(found);
  }
}
