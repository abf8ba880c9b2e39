import { invalid } from '../dynamo-error.ts';
import { type AttributeValue, attributeOf, type Item } from './attribute-value.ts';

type Steps = readonly (string | number)[];

/** The value at a path; undefined where there is none. */
export function valueAt(item: Item, [first, ...rest]: Steps): AttributeValue | undefined {
  let value = attributeOf(item, String(first));
  for (const step of rest) {
    if (!value) {
      return undefined;
    }
    if (typeof step === 'number') {
      value = 'L' in value ? value.L[step] : undefined;
    } else {
      value = 'M' in value ? attributeOf(value.M, step) : undefined;
    }
  }
  return value;
}

/**
 * Returns the item with another value at a path (undefined removes the present one). The given item
 * is not changed.
 */
export function withValueAt(item: Item, steps: Steps, value: AttributeValue | undefined): Item {
  const [name, ...rest] = steps as [string, ...Steps];
  const before = attributeOf(item, name);
  const after = rest.length === 0 ? value : inside(before, rest, value);
  const entries = Object.entries(item).filter(([each]) => each !== name);
  return Object.fromEntries(after ? [...entries, [name, after]] : entries);
}

function inside(
  container: AttributeValue | undefined,
  [step, ...rest]: Steps,
  value: AttributeValue | undefined,
): AttributeValue {
  if (typeof step === 'string') {
    if (!container || !('M' in container)) {
      throw wrongPath();
    }
    return { M: withValueAt(container.M, [step, ...rest], value) };
  }
  if (!container || !('L' in container) || step === undefined) {
    throw wrongPath();
  }
  const before = container.L[step];
  if (rest.length > 0 && !before) {
    throw wrongPath();
  }
  const after = rest.length === 0 ? value : inside(before, rest, value);
  const list = [...container.L];
  // An index behind the end appends; removing there does nothing.
  if (!after) {
    list.splice(step, 1);
  } else if (step < list.length) {
    list[step] = after;
  } else {
    list.push(after);
  }
  return { L: list };
}

/** Only the values at these paths, in the item's structure; list elements move up. */
export function project(item: Item, paths: readonly Steps[]): Item {
  const names = [...new Set(paths.map(([first]) => String(first)))];
  return Object.fromEntries(
    names.flatMap((name) => {
      const rest = paths.filter(([first]) => first === name).map(([, ...steps]) => steps);
      const kept = keepOnly(attributeOf(item, name), rest);
      return kept ? [[name, kept]] : [];
    }),
  );
}

function keepOnly(
  value: AttributeValue | undefined,
  paths: readonly Steps[],
): AttributeValue | undefined {
  if (!value || paths.some((steps) => steps.length === 0)) {
    return value;
  }
  if ('M' in value) {
    const M = project(
      value.M,
      paths.filter(([first]) => typeof first === 'string'),
    );
    return Object.keys(M).length > 0 ? { M } : undefined;
  }
  if (!('L' in value)) {
    return undefined;
  }
  const L = value.L.flatMap((each, index) => {
    const rest = paths.filter(([first]) => first === index).map(([, ...steps]) => steps);
    const kept = rest.length > 0 ? keepOnly(each, rest) : undefined;
    return kept ? [kept] : [];
  });
  return L.length > 0 ? { L } : undefined;
}

const wrongPath = () =>
  invalid('The document path provided in the update expression is invalid for update');
