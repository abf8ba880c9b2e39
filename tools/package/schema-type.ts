import type * as v from 'valibot';
import { addressData } from '../../events/address.ts';
import { busDocs } from '../../events/catalog.docs.ts';
import { catalog, categories } from '../../events/catalog.ts';
import { derived } from '../../events/derived.ts';
import type { BusType } from '../../events/envelope.ts';
import type { AnyFieldDocs, FieldDoc } from '../../events/event-type-docs.ts';
import type { LazySchema } from '../../events/lazy-schema.ts';
import { messageIdData } from '../../events/message-id.ts';
import { addressFields, messageIdFields } from '../../events/parts.docs.ts';
import { unrecognized } from '../../events/unrecognized.ts';

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

interface BusKind {
  readonly category: string;
  readonly data: LazySchema;
}

/** Every detail-type on the bus, as declared. */
const kinds = { ...catalog, ...derived, unrecognized } as unknown as Readonly<
  Record<BusType, BusKind>
>;

/** `call.received` as `CallReceivedData`. */
const interfaceName = (type: string) =>
  `${type
    .split(/[^A-Za-z0-9]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}Data`;

/**
 * What stands in the published package in place of `events/data-of.ts`: one plain interface for the data
 * of each event type, with the sentences of its docs, and the names of types and categories.
 */
export function eventTypesText(): string {
  const names = new Map<unknown, string>([
    [addressData(), 'Address'],
    [messageIdData(), 'MessageId'],
  ]);
  const context: TypeContext = { names, side: 'output' };
  const interfaces = [
    interfaceText('Address', addressData(), addressFields as AnyFieldDocs, context),
    interfaceText('MessageId', messageIdData(), messageIdFields as AnyFieldDocs, context),
  ];
  for (const [type, { data }] of Object.entries(kinds)) {
    const { summary, data: fields } = busDocs[type as BusType];
    const schema = data();
    // Some types have the data of another one.
    if (names.has(schema)) {
      continue;
    }
    const text = interfaceText(
      interfaceName(type),
      schema,
      fields as AnyFieldDocs,
      context,
      `Data of \`${type}\`: ${summary}`,
    );
    names.set(schema, interfaceName(type));
    interfaces.push(text);
  }
  const table = (textOf: (kind: BusKind) => string) =>
    Object.entries(kinds).map(([type, kind]) => `  readonly '${type}': ${textOf(kind)};`);
  return `${[
    '// Made from the catalog when the package was built.',
    ...interfaces,
    `/** The normalized data of each event type. */\nexport interface DataByType {\n${table(
      ({ data }) => names.get(data()) ?? '',
    ).join('\n')}\n}`,
    `/** The category of each event type. */\nexport interface CategoryByType {\n${table(
      ({ category }) => `'${category}'`,
    ).join('\n')}\n}`,
    `/** A group of event types that consumers mostly want together. */\nexport type Category = ${categories
      .map((category) => `'${category}'`)
      .join(' | ')};`,
    "/** The type of what the catalog does not understand. */\nexport type Unrecognized = 'unrecognized';",
    `/** What consumers derive of other events. */\nexport type DerivedType = ${Object.keys(derived)
      .map((type) => `'${type}'`)
      .join(' | ')};`,
    '/** Every detail-type on the bus: what senders send, what consumers derive, and `unrecognized`. */\nexport type BusType = keyof DataByType;',
    '/** What senders send. */\nexport type EventType = Exclude<BusType, DerivedType | Unrecognized>;',
    '/** The event types of a category. */\nexport type EventTypeIn<C extends Category> = { [T in EventType]: CategoryByType[T] extends C ? T : never }[EventType];',
    '/** The category of what senders send. */\nexport type CategoryOf<T extends EventType> = CategoryByType[T];',
    '/** The category of a detail-type. */\nexport type BusCategoryOf<T extends BusType> = CategoryByType[T];',
    '/** The normalized data of an event type. */\nexport type DataOf<T extends BusType> = DataByType[T];',
    '/** The same, with nothing that could be changed. */\nexport type DeepReadonly<T> = T extends readonly (infer E)[] ? readonly DeepReadonly<E>[] : T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;',
  ].join('\n\n')}\n`;
}

function interfaceText(
  name: string,
  schema: ReturnType<LazySchema>,
  docs: AnyFieldDocs,
  context: TypeContext,
  summary?: string,
): string {
  const text = objectText(schemaOf(schema), context, docs);
  return `${commentText(summary)}export interface ${name} ${text}`;
}
