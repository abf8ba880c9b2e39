import { isRecord } from './own.ts';
/** JSON with the keys of every object in order, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_name, part: unknown) => (isRecord(part) ? sorted(part) : part)) ??
    'null'
  );
}

/** A prototype of null keeps a property named `__proto__` a property. */
function sorted(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const inOrder: Record<string, unknown> = Object.create(null);
  for (const name of Object.keys(value).sort()) {
    inOrder[name] = value[name];
  }
  return inOrder;
}
