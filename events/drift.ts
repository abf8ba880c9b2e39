import type * as v from 'valibot';
import { type JsonType, jsonTypeOf } from './json.ts';

/** A field that the catalog does not know. */
export interface UnknownField {
  /** The event type. */
  readonly event: string;
  /** Path of the field, for example `payload.media.size`. A name that may be data is written as `*`. */
  readonly path: string;
  readonly type: JsonType;
}

/** The unknown event types and fields of a webhook, a sign of a new sender version. Contains no values. */
export interface Drift {
  /** Event names that are not in the catalog. */
  readonly unknownEvents: readonly string[];
  readonly unknownFields: readonly UnknownField[];
}

/** Maximum number of fields that are reported for one event. */
const maxFields = 20;

/** Number of items of a list or map that are checked, since all items have the same form. */
const maxItems = 20;

/** What a schema declares: named fields, one schema for all items, or nothing that can be checked. */
interface Declared {
  readonly fields?: ReadonlyMap<string, Declared>;
  readonly items?: Declared;
}

const opaque: Declared = {};

const declaredIn = new WeakMap<object, Declared>();

/** Finds the fields of a value that its wire schema does not declare. `path` is the path of the value. */
export function findUnknownFields(
  schema: v.GenericSchema,
  event: string,
  path: string,
  value: unknown,
): UnknownField[] {
  let declared = declaredIn.get(schema);
  if (!declared) {
    declared = declaredBy(schema as SomeSchema);
    declaredIn.set(schema, declared);
  }
  const found: UnknownField[] = [];
  walk(value, declared, { event, found }, path);
  return found;
}

interface Search {
  readonly event: string;
  readonly found: UnknownField[];
}

function walk(value: unknown, declared: Declared, search: Search, path: string): void {
  if (typeof value !== 'object' || value === null || declared === opaque) {
    return;
  }
  if (Array.isArray(value)) {
    if (!declared.items) {
      return;
    }
    for (const item of value.slice(0, maxItems)) {
      walk(item, declared.items, search, `${path}[]`);
    }
    return;
  }
  const fields = value as Record<string, unknown>;
  for (const name of Object.keys(fields)) {
    if (search.found.length === maxFields) {
      return;
    }
    const known = declared.fields ? declared.fields.get(name) : declared.items;
    if (known === opaque) {
      continue;
    }
    const here = path === '' ? safeName(name) : `${path}.${safeName(name)}`;
    if (known) {
      walk(fields[name], known, search, here);
    } else {
      search.found.push({ event: search.event, path: here, type: jsonTypeOf(fields[name]) });
    }
  }
}

/**
 * Replaces a name that does not look like the name of a field, since it may be data, such as a phone number.
 */
export function safeName(name: string): string {
  return /^[A-Za-z_$][\w$-]{0,63}$/.test(name) ? name : '*';
}

interface SomeSchema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, SomeSchema>>;
  readonly wrapped?: SomeSchema;
  readonly item?: SomeSchema;
  readonly value?: SomeSchema;
  readonly options?: readonly SomeSchema[];
}

/** Reads from a valibot schema what it declares. */
function declaredBy(schema: SomeSchema): Declared {
  if (schema.entries) {
    const fields = Object.entries(schema.entries);
    return { fields: new Map(fields.map(([name, field]) => [name, declaredBy(field)])) };
  }
  if (schema.wrapped) {
    return declaredBy(schema.wrapped);
  }
  if (schema.item) {
    return { items: declaredBy(schema.item) };
  }
  if (schema.type === 'record' && schema.value) {
    return { items: declaredBy(schema.value) };
  }
  if (schema.options) {
    return mergeDeclared(schema.options.map(declaredBy));
  }
  return opaque;
}

function mergeDeclared(options: readonly Declared[]): Declared {
  const fields = new Map<string, Declared>();
  let items: Declared | undefined;
  for (const option of options) {
    for (const [name, field] of option.fields ?? []) {
      fields.set(name, field);
    }
    items ??= option.items;
  }
  if (fields.size === 0 && !items) {
    return opaque;
  }
  return { ...(fields.size > 0 && { fields }), ...(items && { items }) };
}
