import { own } from '../events/own.ts';

/** A valibot schema, as far as it is looked at. */
export interface SchemaNode {
  readonly type: string;
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  readonly item?: SchemaNode;
  readonly wrapped?: SchemaNode;
  /** Of a picklist its words, of a union its members. */
  readonly options?: readonly unknown[];
  readonly pipe?: readonly unknown[];
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** More items than this tell a reader nothing new. */
const mostItems = 20;

/**
 * Normalized data without what is personal. The kind's own schema decides, so that a new field is
 * hidden until it is known to be harmless: shown are the names of known fields, words of a closed
 * list, yes and no, and times. All else is replaced by what it is: names, texts, addresses, numbers.
 */
export function redactData(value: unknown, schema: SchemaNode | undefined): unknown {
  if (value === null || value === undefined) return value;
  const { type, wrapped, entries, item, options = [] } = schema ?? { type: 'unknown' };
  if (wrapped) return redactData(value, wrapped);
  if (entries && isPlainObject(value)) return redactFields(value, entries);
  if (item && Array.isArray(value)) {
    const shown = value.slice(0, mostItems).map((each) => redactData(each, item));
    return value.length > mostItems ? [...shown, `‹${value.length - mostItems} more›`] : shown;
  }
  if (type === 'picklist' && options.includes(value)) return value;
  if (type === 'boolean' && typeof value === 'boolean') return value;
  if (isInstant(schema) && typeof value === 'string' && instant.test(value)) return value;
  return describeHidden(value);
}

/** What a hidden value is, without telling it. */
export function describeHidden(value: unknown): string {
  if (typeof value === 'string') return `‹text, ${value.length} characters›`;
  if (Array.isArray(value)) return `‹list, ${value.length} items›`;
  if (typeof value === 'object' && value !== null) {
    return `‹object, ${Object.keys(value).length} fields›`;
  }
  return `‹${typeof value}›`;
}

function redactFields(
  value: object,
  entries: Readonly<Record<string, SchemaNode>>,
): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(entries)) {
    if (Object.hasOwn(value, name)) shown[name] = redactData(own(value, name), schema);
  }
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(entries, name)).length;
  if (unknown > 0) shown['…'] = `‹${unknown} fields that the catalog does not know›`;
  return shown;
}

/** Times are marked in the schema's metadata, at whatever depth of its pipe. */
function isInstant(schema: unknown): boolean {
  if (own(schema, 'metadata', 'format') === 'date-time') return true;
  const pipe = own(schema, 'pipe');
  return Array.isArray(pipe) && pipe.some((each) => each !== schema && isInstant(each));
}

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
