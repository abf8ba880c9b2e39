/**
 * A second implementation of event patterns, straight from AWS's documentation and as plain as can
 * be: every combination of values is tried. It has no code in common with the real one. It knows
 * patterns made by `arbitrary-pattern.ts` only, which are all valid.
 */

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

interface Found {
  readonly path: string;
  readonly value: string | number | boolean | null;
  /** The chosen element of each array around it, by the array's place in the event. */
  readonly elements: readonly (readonly [array: string, index: number])[];
}

export function naivelyMatches(pattern: Json, event: Json): boolean {
  const values = listValues(event, '', '', []);
  return expand([[]], pattern as Record<string, Json>, '').some((leaves) => {
    const sorted = [...new Map(leaves)].sort(([a], [b]) => (a < b ? -1 : 1));
    return tryLeaves(sorted, values, []);
  });
}

type LeafEntry = readonly [path: string, list: readonly Json[]];

function expand(
  branches: LeafEntry[][],
  pattern: Record<string, Json>,
  path: string,
): LeafEntry[][] {
  let all = branches;
  for (const [name, value] of Object.entries(pattern)) {
    const full = path ? `${path}.${name}` : name;
    if (name === '$or') {
      all = (value as Record<string, Json>[]).flatMap((option) => expand(all, option, path));
    } else if (Array.isArray(value)) {
      all = all.map((leaves) => [...leaves, [full, value]]);
    } else {
      all = expand(all, value as Record<string, Json>, full);
    }
  }
  return all;
}

function listValues(json: Json, path: string, place: string, elements: Found['elements']): Found[] {
  if (Array.isArray(json)) {
    return json.flatMap((item: Json, index) =>
      typeof item === 'object' && item !== null
        ? listValues(item, path, `${place}/${index}`, [...elements, [place, index]])
        : listValues(item, path, place, elements),
    );
  }
  if (typeof json === 'object' && json !== null) {
    return Object.entries(json).flatMap(([name, value]) =>
      listValues(value, path ? `${path}.${name}` : name, `${place}/${name}`, elements),
    );
  }
  return [{ path, value: json as Found['value'], elements }];
}

function tryLeaves(
  leaves: readonly LeafEntry[],
  values: readonly Found[],
  chosen: readonly Found[],
): boolean {
  const [leaf, ...rest] = leaves;
  if (!leaf) {
    return true;
  }
  const [path, list] = leaf;
  const possible = values.filter(
    (found) => found.path === path && chosen.every((other) => agree(found, other)),
  );
  const absent = list.some((entry) => (entry as { exists?: boolean } | null)?.exists === false);
  if (absent && possible.length === 0 && tryLeaves(rest, values, chosen)) {
    return true;
  }
  return possible.some(
    (found) =>
      list.some((entry) => accepts(entry, found.value)) &&
      tryLeaves(rest, values, [...chosen, found]),
  );
}

const agree = (a: Found, b: Found) =>
  a.elements.every(([array, index]) =>
    b.elements.every(([other, chosen]) => array !== other || index === chosen),
  );

type Operator = { readonly [operator: string]: Json };

function accepts(entry: Json, value: Found['value']): boolean {
  if (typeof entry !== 'object' || entry === null) {
    return entry === value;
  }
  const [[operator = '', operand = null] = []] = Object.entries(entry as Operator);
  if (operator === 'exists') {
    return operand === true;
  }
  if (operator === 'numeric') {
    return typeof value === 'number' && compares(operand, value);
  }
  if (operator === 'anything-but') {
    const inner = Object.entries(operand as object)[0];
    if (inner && !Array.isArray(operand) && typeof operand === 'object') {
      return !asList(inner[1] as Json).some((text) => accepts({ [inner[0]]: text }, value));
    }
    return !asList(operand).includes(value);
  }
  if (typeof value !== 'string') {
    return false;
  }
  const ignoreCase = (operand as { 'equals-ignore-case'?: string })['equals-ignore-case'];
  const text = ignoreCase?.toLowerCase() ?? String(operand);
  const seen = ignoreCase === undefined ? value : value.toLowerCase();
  if (operator === 'prefix') {
    return seen.startsWith(text);
  }
  if (operator === 'suffix') {
    return seen.endsWith(text);
  }
  if (operator === 'equals-ignore-case') {
    return value.toLowerCase() === text.toLowerCase();
  }
  if (operator === 'wildcard') {
    return glob(text, value);
  }
  throw new Error(`unknown operator ${operator}`);
}

const asList = (json: Json) => (Array.isArray(json) ? json : [json]) as readonly Json[];

function compares(operand: Json, value: number): boolean {
  const [first, bound, second, top] = operand as [string, number, string?, number?];
  return one(first, bound, value) && (second === undefined || one(second, top ?? 0, value));
}

const one = (operator: string, bound: number, value: number) =>
  operator === '='
    ? value === bound
    : operator === '<'
      ? value < bound
      : operator === '<='
        ? value <= bound
        : operator === '>'
          ? value > bound
          : value >= bound;

function glob(pattern: string, text: string): boolean {
  if (pattern === '') {
    return text === '';
  }
  if (pattern[0] === '*') {
    return glob(pattern.slice(1), text) || (text !== '' && glob(pattern, text.slice(1)));
  }
  return pattern[0] === text[0] && glob(pattern.slice(1), text.slice(1));
}
