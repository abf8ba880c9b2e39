/**
 * The value at a path of own properties, or undefined if a step is missing. It never follows inherited
 * properties (`constructor`, `__proto__`), so it is safe on untrusted objects.
 */
export function own(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const name of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) {
      return undefined;
    }
    here = (here as Record<string, unknown>)[name];
  }
  return here;
}

/** The string at a path of own properties; undefined for anything else and for the empty string. */
export function ownText(value: unknown, ...path: readonly string[]): string | undefined {
  const found = own(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** Whether a value is an object and not a list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Removes fields without a value. Unknown fields are absent from normalized data, neither null nor undefined,
 * so that equal facts have equal data and event patterns can use `exists`.
 */
export function present<T extends object>(fields: T): T {
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    const value = (fields as Record<string, unknown>)[name];
    if (value !== undefined) {
      kept[name] = value;
    }
  }
  return kept as T;
}

/** Removes fields without a value. Undefined if no field remains. */
export function presentOrNone<T extends object>(fields: T): T | undefined {
  const kept = present(fields);
  return Object.keys(kept).length === 0 ? undefined : kept;
}
