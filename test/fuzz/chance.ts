import { seededRandom } from '../faults/random.ts';

/** The seed of this run: given in FUZZ_SEED to repeat one, else new. It is printed by each test. */
export const seed = process.env.FUZZ_SEED ?? String(Math.floor(Math.random() * 1e9));

/** Numbers from 0 to 1 that are the same for the same seed. */
export type Chance = () => number;

export const chanceOf = (part: string): Chance => seededRandom(`${seed} ${part}`);

/** A whole number below `below`. */
export const integer = (chance: Chance, below: number): number => Math.floor(chance() * below);

/** One of a list. */
export const oneOf = <Item>(chance: Chance, items: readonly Item[]): Item =>
  items[integer(chance, items.length)] as Item;
