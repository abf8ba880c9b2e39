/**
 * The value at a path of own properties, or undefined where any step is missing. Inherited names
 * (`constructor`, `__proto__`) are never followed, so it is safe on untrusted objects.
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

/** Whether a value is an object and no list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The fields that have a value. What a payload does not say is absent from normalized data, neither
 * null nor undefined, so that equal facts are equal data and event patterns can ask `exists`.
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

/** Undefined when no field has a value, else the fields that have one. */
export function presentOrNone<T extends object>(fields: T): T | undefined {
  const kept = present(fields);
  return Object.keys(kept).length === 0 ? undefined : kept;
}
