import { type Summary, summarize } from './summary.ts';

/**
 * Measures several subjects in turns, each round in another order, so that whatever the machine does
 * meanwhile happens to all of them.
 */
export async function interleave<Name extends string>(
  names: readonly Name[],
  rounds: number,
  measure: (name: Name, round: number) => Promise<number>,
): Promise<Readonly<Record<Name, Summary>>> {
  const values = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length] as Name;
      values.get(name)?.push(await measure(name, round));
    }
  }
  return Object.fromEntries(
    names.map((name) => [name, summarize(values.get(name) ?? [])]),
  ) as Record<Name, Summary>;
}
