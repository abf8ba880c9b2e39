/** The interpolated quantile of values; NaN without values. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  return below + ((sorted[Math.ceil(place)] ?? Number.NaN) - below) * (place % 1);
}

/** The median; NaN without values. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/**
 * The median over all rounds of a comparison of two subjects in the same round: a slow moment of the machine
 * affects both, and so does not count. NaN when they were not measured in the same rounds.
 */
export function pairedMedian(
  first: readonly number[],
  second: readonly number[],
  combine: (first: number, second: number) => number,
): number {
  const isPaired = first.length === second.length;
  return median(isPaired ? first.map((value, at) => combine(value, second[at] as number)) : []);
}

/** Measures several subjects in turns; each round begins with a different one. */
export async function interleave<Name extends string, Value>(
  names: readonly Name[],
  rounds: number,
  measure: (name: Name, round: number) => Promise<Value>,
): Promise<Record<Name, Value[]>> {
  const values = Object.fromEntries(names.map((name) => [name, [] as Value[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (let unit = 0; unit < names.length; unit += 1) {
      const name = names[(round + unit) % names.length] as Name;
      values[name]?.push(await measure(name, round));
    }
  }
  return values as Record<Name, Value[]>;
}
