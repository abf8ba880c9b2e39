import type { SchemaNode } from '../../../ops/redact-envelope.ts';

/** One field that a kind's payload is known to have. */
export interface PayloadField {
  /** From the payload: `media.url`; items of a list are `participants[]`. */
  readonly path: string;
  /** What it takes, in words. */
  readonly takes: string;
}

/** Depth to which fields are described; below that they are the engine's own. */
const maxDepth = 5;

/** The fields of a wire schema, as help for writing a payload. */
export function describePayload(schema: SchemaNode): readonly PayloadField[] {
  return [...fieldsOf(schema, '', 0)];
}

function* fieldsOf(schema: SchemaNode, path: string, depth: number): Generator<PayloadField> {
  const { entries, item, wrapped, options = [] } = schema;
  if (wrapped) {
    return yield* fieldsOf(wrapped, path, depth);
  }
  if (path !== '') {
    yield { path, takes: takesOf(schema) };
  }
  if (depth >= maxDepth) {
    return;
  }
  for (const [name, inner] of Object.entries(entries ?? {})) {
    yield* fieldsOf(inner, path === '' ? name : `${path}.${name}`, depth + 1);
  }
  if (item) {
    yield* inside(item, `${path}[]`, depth);
  }
  for (const option of options) {
    if (isSchema(option) && (option.entries || option.item)) {
      yield* inside(option, path, depth);
    }
  }
}

/** What is in a list's items, or in one form of a field that has several. */
function* inside(schema: SchemaNode, path: string, depth: number): Generator<PayloadField> {
  for (const field of fieldsOf(schema, path, depth + 1)) {
    if (field.path !== path) {
      yield field;
    }
  }
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  object: 'object',
  loose_object: 'object',
  array: 'list',
  unknown: 'anything',
  any: 'anything',
  record: 'object',
};

function takesOf({ type, wrapped, options = [] }: SchemaNode): string {
  if (wrapped) {
    return takesOf(wrapped);
  }
  if (type === 'picklist') {
    return options.map((option) => JSON.stringify(option)).join(' or ');
  }
  if (type === 'union') {
    return [...new Set(options.filter(isSchema).map(takesOf))].join(' or ');
  }
  return words[type] ?? type;
}

const isSchema = (value: unknown): value is SchemaNode =>
  typeof value === 'object' && value !== null && typeof (value as SchemaNode).type === 'string';
