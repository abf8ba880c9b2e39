/**
 * Reads a field such as `1,15`, `MON-FRI`, `0/10` or `*` as the sorted list of its values;
 * undefined when it is not valid. Names stand for the numbers from `min` on.
 */
export function readField(
  text: string,
  min: number,
  max: number,
  names: readonly string[] = [],
): number[] | undefined {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const range = readPart(part, min, max, names);
    if (!range) return undefined;
    const [from, to, step] = range;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

type Range = readonly [from: number, to: number, step: number];

function readPart(
  text: string,
  min: number,
  max: number,
  names: readonly string[],
): Range | undefined {
  const [range = '', stepText, ...more] = text.split('/');
  const step = stepText === undefined ? 1 : readNumber(stepText, 1, max, []);
  if (more.length > 0 || step === undefined) return undefined;
  if (range === '*') return [min, max, step];
  const [fromText = '', toText, ...rest] = range.split('-');
  const from = readNumber(fromText, min, max, names);
  // A start with a step goes on to the end: `5/15` is 5, 20, 35, 50.
  const to = toText === undefined ? (stepText ? max : from) : readNumber(toText, min, max, names);
  if (rest.length > 0 || from === undefined || to === undefined || from > to) return undefined;
  return [from, to, step];
}

/** A number within bounds or one of the names, in any case. */
export function readNumber(
  text: string,
  min: number,
  max: number,
  names: readonly string[],
): number | undefined {
  const name = names.indexOf(text.toUpperCase());
  const value = name >= 0 ? name + min : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}
