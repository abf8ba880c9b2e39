import type * as v from 'valibot';
import type { AnyFieldDocs, FieldDoc } from '../../events/kind-docs.ts';

/** The types of some schemas as text, and how fields are documented. */
export interface TypeContext {
  /** Names of schemas that have an interface of their own. */
  readonly names: ReadonlyMap<unknown, string>;
  /** Types of `v.custom` schemas by field: they are unknown at run time. */
  readonly customs?: Readonly<Record<string, string>>;
  /** Whether to write the type of the input, or of the output, in which defaults are applied. */
  readonly side: 'input' | 'output';
  /** The doc comment of a field. @default - none */
  readonly commentOf?: (field: string, schema: AnySchema) => string | undefined;
}

/** The parts of valibot's schemas that types are made of. */
export interface AnySchema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, AnySchema>>;
  readonly wrapped?: AnySchema;
  readonly item?: AnySchema;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly key?: AnySchema;
  readonly value?: AnySchema;
  readonly default?: unknown;
  readonly pipe?: readonly { readonly kind: string; readonly type: string }[];
}

/** A schema of valibot, as this file looks at it. */
export const schemaOf = (schema: v.GenericSchema) => schema as unknown as AnySchema;

/**
 * The TypeScript type of a valibot schema, as text: what `v.InferOutput` would infer, with all of it
 * readonly.
 *
 * @throws for a schema of a type that is not known here, so that none is published as `any`
 */
export function typeText(
  schema: AnySchema,
  context: TypeContext,
  docs: AnyFieldDocs = {},
  field = '',
): string {
  const name = context.names.get(schema);
  if (name !== undefined) {
    return name;
  }
  const inner = (each: AnySchema | undefined) => {
    if (!each) {
      throw new Error(`A part of ${schema.type} is missing.`);
    }
    return typeText(each, context, docs, field);
  };
  switch (schema.type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'unknown':
      return schema.type;
    case 'literal':
      return JSON.stringify(schema.literal);
    case 'picklist':
      return (schema.options ?? []).map((option) => JSON.stringify(option)).join(' | ');
    case 'union':
      return (schema.options as readonly AnySchema[]).map(inner).join(' | ');
    case 'array':
      return `readonly ${inParentheses(inner(schema.item))}[]`;
    case 'record':
      return `{ readonly [name: ${inner(schema.key)}]: ${inner(schema.value)} }`;
    case 'optional':
      return inner(schema.wrapped);
    case 'nullable':
    case 'nullish':
      return `${inner(schema.wrapped)} | null`;
    case 'object':
    case 'loose_object':
    case 'strict_object':
      return objectText(schema, context, docs);
    case 'custom': {
      const custom = context.customs?.[field];
      if (custom !== undefined) {
        return custom;
      }
    }
  }
  throw new Error(
    `The type of the field "${field}", a schema of type ${schema.type}, is not known.`,
  );
}

/** The members of an object's type between braces. */
export function objectText(
  { entries = {} }: AnySchema,
  context: TypeContext,
  docs: AnyFieldDocs = {},
): string {
  const members = Object.entries(entries).map(([field, schema]) => {
    const doc = docs[field];
    const comment = context.commentOf?.(field, schema) ?? (doc && sentencesOf(doc));
    const key = /^[A-Za-z_$][\w$]*$/.test(field) ? field : JSON.stringify(field);
    const type = typeText(schema, context, doc?.fields, field);
    const absent = isOptional(schema, context.side);
    return `${commentText(comment)}readonly ${key}${absent ? '?' : ''}: ${type}${absent ? ' | undefined' : ''};`;
  });
  return `{\n${indent(members.join('\n'))}\n}`;
}

/** A doc comment above a declaration; nothing where there is nothing to say. */
export function commentText(comment: string | undefined): string {
  if (!comment) {
    return '';
  }
  return `/** ${comment.replaceAll('*/', '*\\/')} */\n`;
}

const isOptional = ({ type, default: value }: AnySchema, side: TypeContext['side']) =>
  (type === 'optional' || type === 'nullish') && (side === 'input' || value === undefined);

const sentencesOf = ({ description, unit, absent }: FieldDoc) =>
  [description, unit && `Unit or form: ${unit}.`, absent && `Absent ${absent}.`]
    .filter((sentence) => sentence)
    .join(' ');

const inParentheses = (type: string) => (type.includes('|') ? `(${type})` : type);

const indent = (text: string) => text.replace(/^(?=.)/gm, '  ');
