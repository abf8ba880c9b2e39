/** Of known names the one that a misspelt name is closest to; undefined where none is close. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const distances = known.map((each) => ({
    each,
    distance: editDistance(name.toLowerCase(), each.toLowerCase()),
  }));
  const [nearest] = distances.sort((a, b) => a.distance - b.distance);
  if (!nearest) {
    return undefined;
  }
  return nearest.distance <= Math.max(2, Math.floor(name.length / 3)) ? nearest.each : undefined;
}

/** Characters that are added, omitted, replaced or swapped with the next (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
          isSwap ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(a.length, b.length);
}

/**
 * What is said of a name that does not exist: the nearest that does, else all that there are.
 *
 * @param what what it should be the name of, for example `event type`
 */
export function describeUnknownName(what: string, given: string, known: readonly string[]): string {
  const nearest = nearestName(given, known);
  const advice =
    nearest !== undefined
      ? `Did you mean "${nearest}"?`
      : known.length > 0
        ? `There are: ${known.join(', ')}.`
        : 'There are none.';
  return `There is no ${what} "${given}". ${advice}`;
}
