import type { ArrayElement, Occurrence } from './event-fields.ts';

/** The values of an event for one leaf of a branch, some of them in array elements. */
interface LeafFindings {
  /** Values that the leaf accepts. */
  readonly accepted: readonly Occurrence[];
  /** All values of the field. */
  readonly present: readonly Occurrence[];
  readonly mayBeAbsent: boolean;
}

/** Occurrences grouped by the array elements that contain them, outermost array first. */
interface ElementTree {
  /** Whether an occurrence is at this level and in no further array. */
  here: boolean;
  readonly arrays: Map<number, Map<number, ElementTree>>;
}

/**
 * Maximum number of steps, far above what a real event needs. Only an event that is made to be slow
 * (arrays under field names that contain dots) reaches it; such an event does not match.
 */
const maxSteps = 1_000_000;

/**
 * Whether a value can be chosen for each leaf so that no two of them are in different elements of the
 * same array (event-ruler, "array-consistent" matching). The leaves are in the order of their paths. A
 * leaf that may be absent is also satisfied when its field has no value in the elements that were
 * chosen for the leaves before it.
 */
export function satisfiableTogether(leaves: readonly LeafFindings[]): boolean {
  return new ElementSearch(leaves).from(0);
}

class ElementSearch {
  readonly #accepted: readonly ElementTree[];
  /** All values, for the leaves that may be absent. */
  readonly #present: readonly (ElementTree | undefined)[];
  /** For each leaf, the arrays that still matter to it and to the leaves after it. */
  readonly #relevant: readonly ReadonlySet<number>[];
  readonly #chosen = new Map<number, number>();
  readonly #failed = new Set<string>();
  #steps = 0;

  constructor(leaves: readonly LeafFindings[]) {
    this.#accepted = leaves.map((leaf) => arrange(leaf.accepted));
    this.#present = leaves.map((leaf) => (leaf.mayBeAbsent ? arrange(leaf.present) : undefined));
    const relevant: Set<number>[] = [];
    let arrays = new Set<number>();
    for (const leaf of leaves.toReversed()) {
      arrays = new Set(arrays);
      for (const { element } of leaf.mayBeAbsent ? leaf.present : leaf.accepted) {
        for (let at = element; at; at = at.outer) {
          arrays.add(at.array);
        }
      }
      relevant.unshift(arrays);
    }
    this.#relevant = relevant;
  }

  /** Whether the leaves from this one on can be satisfied with the elements chosen so far. */
  from(leaf: number): boolean {
    const accepted = this.#accepted[leaf];
    if (!accepted) {
      return true;
    }
    this.#steps += 1;
    if (this.#steps > maxSteps) {
      return false;
    }
    const state = this.#state(leaf);
    if (this.#failed.has(state)) {
      return false;
    }
    const present = this.#present[leaf];
    if (present && !this.#hasAny(present) && this.from(leaf + 1)) {
      return true;
    }
    if (this.#choose(accepted, () => this.from(leaf + 1))) {
      return true;
    }
    this.#failed.add(state);
    return false;
  }

  #state(leaf: number): string {
    const relevant = this.#relevant[leaf];
    const pairs: string[] = [];
    for (const [array, index] of this.#chosen) {
      if (relevant?.has(array)) {
        pairs.push(`${array}:${index}`);
      }
    }
    return `${leaf}|${pairs.length > 1 ? pairs.sort().join() : pairs}`;
  }

  #hasAny(tree: ElementTree): boolean {
    if (tree.here) {
      return true;
    }
    for (const [array, elements] of tree.arrays) {
      const index = this.#chosen.get(array);
      if (index === undefined) {
        return true;
      }
      const chosen = elements.get(index);
      if (chosen && this.#hasAny(chosen)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Tries each occurrence that is consistent with the chosen elements, with its own elements chosen
   * too.
   */
  #choose(tree: ElementTree, then: () => boolean): boolean {
    if (tree.here && then()) {
      return true;
    }
    for (const [array, elements] of tree.arrays) {
      const fixed = this.#chosen.get(array);
      if (fixed !== undefined) {
        const chosen = elements.get(fixed);
        if (chosen && this.#choose(chosen, then)) {
          return true;
        }
        continue;
      }
      for (const [index, element] of elements) {
        this.#chosen.set(array, index);
        const found = this.#choose(element, then);
        this.#chosen.delete(array);
        if (found) {
          return true;
        }
      }
    }
    return false;
  }
}

const newTree = (): ElementTree => ({ here: false, arrays: new Map() });

function arrange(occurrences: readonly Occurrence[]): ElementTree {
  const root = newTree();
  for (const { element } of occurrences) {
    let tree = root;
    for (const { array, index } of outermostFirst(element)) {
      const elements = tree.arrays.get(array) ?? new Map<number, ElementTree>();
      tree.arrays.set(array, elements);
      const next = elements.get(index) ?? newTree();
      elements.set(index, next);
      tree = next;
    }
    tree.here = true;
  }
  return root;
}

function outermostFirst(element: ArrayElement | undefined): ArrayElement[] {
  const elements: ArrayElement[] = [];
  for (let at = element; at; at = at.outer) {
    elements.push(at);
  }
  return elements.reverse();
}
