import { FieldValue, maxEventDepth, NumberText } from './field-value.ts';

/** An element of an array that contains a value; `outer` is the next array around that one. */
export interface ArrayElement {
  /** Identifies the array within its event. */
  readonly array: number;
  readonly index: number;
  readonly outer: ArrayElement | undefined;
}

/** One value of a field. A field below arrays can have many. */
export interface Occurrence {
  readonly value: FieldValue;
  /** The innermost array element that contains it. An element that is a plain value is not one. */
  readonly element: ArrayElement | undefined;
}

/** The occurrences of each field that patterns test, by the field's slot. */
export interface EventFields {
  at(slot: number): readonly Occurrence[];
  /** Whether an occurrence is in an array of objects, so that its elements must not be mixed. */
  readonly hasElements: boolean;
}

const none: readonly Occurrence[] = [];

interface Step {
  readonly children: Map<string, Step>;
  slot: number;
}

const newStep = (): Step => ({ children: new Map(), slot: -1 });

/**
 * The fields that patterns test, numbered. Only these are read from an event. Names are compared
 * joined by dots: `{"a.b": …}` and `{"a": {"b": …}}` are the same field (event-ruler, Path).
 */
export class FieldTable {
  readonly #root = newStep();
  #slots = 0;

  /** The slot of a field, given as its names joined by dots. */
  slotOf(path: string): number {
    let step = this.#root;
    for (const name of path.split('.')) {
      const next = step.children.get(name) ?? newStep();
      step.children.set(name, next);
      step = next;
    }
    if (step.slot < 0) {
      step.slot = this.#slots;
      this.#slots += 1;
    }
    return step.slot;
  }

  /** Collects the fields of a parsed event. */
  read(event: unknown): EventFields {
    const walk = new EventWalk(this.#slots);
    walk.visit(this.#root, event, undefined, 0);
    return walk;
  }
}

class EventWalk implements EventFields {
  readonly #found: Occurrence[][];
  #arrays = 0;
  hasElements = false;

  constructor(slots: number) {
    this.#found = new Array<Occurrence[]>(slots);
  }

  at(slot: number): readonly Occurrence[] {
    return this.#found[slot] ?? none;
  }

  visit(step: Step, value: unknown, element: ArrayElement | undefined, depth: number): void {
    if (Array.isArray(value)) {
      this.#visitArray(step, value, element, depth);
    } else if (typeof value === 'object' && value !== null && !(value instanceof NumberText)) {
      if (step.children.size > 0) {
        this.#visitObject(step, value, element, depth);
      }
    } else if (step.slot >= 0) {
      this.#add(step.slot, value, element);
    }
  }

  #visitArray(step: Step, array: unknown[], outer: ArrayElement | undefined, depth: number): void {
    if (depth > maxEventDepth) {
      return;
    }
    const id = this.#arrays;
    this.#arrays += 1;
    array.forEach((value, index) => {
      const nests = typeof value === 'object' && value !== null && !(value instanceof NumberText);
      this.visit(step, value, nests ? { array: id, index, outer } : outer, depth + 1);
    });
  }

  #visitObject(step: Step, object: object, element: ArrayElement | undefined, depth: number): void {
    if (depth > maxEventDepth) {
      return;
    }
    for (const [name, value] of Object.entries(object)) {
      const next = step.children.get(name) ?? (name.includes('.') ? follow(step, name) : undefined);
      if (next) {
        this.visit(next, value, element, depth + 1);
      }
    }
  }

  #add(slot: number, value: unknown, element: ArrayElement | undefined): void {
    if (element) {
      this.hasElements = true;
    }
    const found = { value: new FieldValue(value as string), element };
    const others = this.#found[slot];
    if (others) {
      others.push(found);
    } else {
      this.#found[slot] = [found];
    }
  }
}

function follow(from: Step, names: string): Step | undefined {
  let step: Step | undefined = from;
  for (const name of names.split('.')) {
    step = step?.children.get(name);
  }
  return step;
}
