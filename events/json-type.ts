/** What a value is in JSON's own words. `undefined` stands for a property that is missing. */
export type JsonType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' | 'undefined';

/** Names the type of a parsed JSON value. It reveals nothing of the value, so it may be logged. */
export function jsonTypeOf(value: unknown): JsonType {
  if (value === null) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return 'array';
  }
  const type = typeof value;
  return type === 'boolean' || type === 'number' || type === 'string' || type === 'object'
    ? type
    : 'undefined';
}
