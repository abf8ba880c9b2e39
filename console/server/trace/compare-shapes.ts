/** What normalization did with one field. */
export interface Difference {
  /**
   * - `changed`: the same name, another value;
   * - `moved`: the payload has this value under another name;
   * - `added`: the payload has no such value;
   * - `left-out`: no field of the data has this value. It is in `raw` only.
   */
  readonly kind: 'changed' | 'moved' | 'added' | 'left-out';
  /** Where in the data, or for what was left out, in the payload. */
  readonly path: string;
  /** Where in the payload it was, where that is somewhere else. */
  readonly from?: string;
  /** JSON of the value before and after. */
  readonly before?: string;
  readonly after?: string;
}

/** Fields that are compared; a payload of another shape may have ever so many. */
const mostLeaves = 2_000;
const longestValue = 200;

/** Compares the sender's payload with the data that was made of it, field by field. */
export function compareShapes(payload: unknown, data: unknown): readonly Difference[] {
  const before = leavesOf(payload);
  const after = leavesOf(data);
  const placesOf = Map.groupBy(before.keys(), (path) => before.get(path) ?? '');
  const used = new Set<string>();
  const differences: Difference[] = [];
  for (const [path, value] of after) {
    const old = before.get(path);
    const [from] = placesOf.get(value) ?? [];
    if (old === value) used.add(path);
    else if (from !== undefined && !isTooPlain(value)) {
      used.add(from);
      differences.push({ kind: 'moved', path, from, after: shorten(value) });
    } else if (old !== undefined) {
      used.add(path);
      differences.push({ kind: 'changed', path, before: shorten(old), after: shorten(value) });
    } else differences.push({ kind: 'added', path, after: shorten(value) });
  }
  for (const [path, value] of before) {
    if (!used.has(path)) differences.push({ kind: 'left-out', path, before: shorten(value) });
  }
  return differences;
}

/** Values that stand in many places by chance. */
const isTooPlain = (json: string) => /^(true|false|null|""|\[\]|\{\}|-?\d)$/.test(json);

const shorten = (json: string) =>
  json.length > longestValue ? `${json.slice(0, longestValue)}…` : json;

/** Everything that is no object or list, as JSON by its path. Not by recursion: depth is foreign. */
function leavesOf(value: unknown): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const open: [string, unknown][] = value === undefined ? [] : [['', value]];
  for (let next = open.pop(); next && leaves.size < mostLeaves; next = open.pop()) {
    const [path, here] = next;
    if (typeof here !== 'object' || here === null || Object.keys(here).length === 0) {
      leaves.set(path, JSON.stringify(here) ?? 'null');
      continue;
    }
    const isList = Array.isArray(here);
    const inner = Object.entries(here).map(([name, each]): [string, unknown] => [
      isList ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`,
      each,
    ]);
    open.push(...inner.reverse().slice(-mostLeaves));
  }
  return leaves;
}
