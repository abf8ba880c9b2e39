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
