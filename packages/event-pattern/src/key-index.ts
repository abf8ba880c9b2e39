import type { EventFields } from './event-fields.ts';
import type { FieldValue } from './field-value.ts';
import type { BoundBranch } from './match-branch.ts';
import type { IndexKey } from './value-test.ts';

/** What was filed for one field. */
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
    for (const { slot, leaf } of branches.flat())
      for (const key of leaf.keys ?? []) {
        const name = nameOf(slot, key);
        this.#demand.set(name, (this.#demand.get(name) ?? 0) + 1);
      }
  }

  /** Files an item under the leaf whose keys are the rarest. False when no leaf has keys. */
  add(branch: BoundBranch, item: Item): boolean {
    let best: { slot: number; keys: readonly IndexKey[]; demand: number } | undefined;
    for (const { slot, leaf } of branch) {
      if (!leaf.keys) continue;
      const demand = leaf.keys.reduce(
        (sum, key) => sum + (this.#demand.get(nameOf(slot, key)) ?? 0),
        0,
      );
      if (!best || demand < best.demand) best = { slot, keys: leaf.keys, demand };
    }
    if (!best) return false;
    const shelf = this.#shelf(best.slot);
    for (const key of best.keys) file(shelf, key, item);
    return true;
  }

  /** Calls `found` with each item one of whose keys is in the event, once or more often. */
  find(fields: EventFields, found: (item: Item) => void): void {
    for (const [slot, shelf] of this.#shelves)
      for (const { value } of fields.at(slot)) look(shelf, value, found);
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
  if (key.by === 'number') append(shelf.number, key.millionths, item);
  else if (key.by === 'exact') append(shelf.exact, key.text, item);
  else {
    const byLength = shelf[key.by];
    const byText = byLength.get(key.text.length) ?? new Map<string, Item[]>();
    byLength.set(key.text.length, byText);
    append(byText, key.text, item);
  }
}

function append<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const items = map.get(key);
  if (items) items.push(item);
  else map.set(key, [item]);
}

function look<Item>(shelf: Shelf<Item>, value: FieldValue, found: (item: Item) => void): void {
  const { text } = value;
  shelf.exact.get(text)?.forEach(found);
  if (shelf.number.size > 0 && value.millionths !== undefined)
    shelf.number.get(value.millionths)?.forEach(found);
  for (const [length, byText] of shelf.prefix) byText.get(text.slice(0, length))?.forEach(found);
  for (const [length, byText] of shelf.suffix) byText.get(text.slice(-length))?.forEach(found);
}
