import { NumberText } from './field-value.ts';

type Step =
  | { readonly member: string }
  | { readonly index: number }
  /** `*`: every member or element. */
  | { readonly every: true };

/** A JSON path of the kind that EventBridge reads: `$.detail.items[0].name`, `$.detail['a b']`. */
export type JsonPath = readonly Step[];

const stepPattern = /\.\*|\[\*\]|\.([^.[\]'"*]+)|\[(\d{1,9})\]|\['([^']*)'\]|\["([^"]*)"\]/y;

/** Reads a JSON path; undefined when it is not one. */
export function readJsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) {
    return undefined;
  }
  const steps: Step[] = [];
  for (let at = 1; at < text.length; at = stepPattern.lastIndex) {
    stepPattern.lastIndex = at;
    const found = stepPattern.exec(text);
    if (!found) {
      return undefined;
    }
    const [, dotted, index, single, double] = found;
    const member = dotted ?? single ?? double;
    if (member !== undefined) {
      steps.push({ member });
    } else {
      steps.push(index === undefined ? { every: true } : { index: Number(index) });
    }
  }
  return steps;
}

/**
 * The value at a path of a parsed event; undefined when there is none. With a wildcard in the path
 * it is the list of all values found.
 */
export function valueAt(path: JsonPath, event: unknown): unknown {
  let values: unknown[] = [event];
  for (const step of path) {
    values = values.flatMap((value) => {
      if ('every' in step) {
        return isContainer(value) ? Object.values(value) : [];
      }
      if ('index' in step) {
        return Array.isArray(value) ? value.slice(step.index, step.index + 1) : [];
      }
      if (!isContainer(value) || Array.isArray(value) || !Object.hasOwn(value, step.member)) {
        return [];
      }
      return [(value as { [name: string]: unknown })[step.member]];
    });
  }
  return path.some((step) => 'every' in step) ? values : values[0];
}

const isContainer = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof NumberText);

/** Writes a value that was read with its numbers' text: as compact JSON, numbers as they were. */
export function printJson(value: unknown): string {
  if (value instanceof NumberText) {
    return value.text;
  }
  if (Array.isArray(value)) {
    return `[${value.map(printJson)}]`;
  }
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}:${printJson(item)}`)}}`;
  }
  return JSON.stringify(value ?? null);
}
