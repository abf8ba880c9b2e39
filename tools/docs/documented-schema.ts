import { toJsonSchema } from '@valibot/to-json-schema';
import { addressData } from '../../events/address.ts';
import type { AnyFieldDocs, FieldDoc } from '../../events/event-type-docs.ts';
import type { LazySchema } from '../../events/lazy-schema.ts';
import { messageIdData } from '../../events/message-id.ts';
import { metaFields } from '../../events/meta-data.docs.ts';
import { metaData } from '../../events/meta-data.ts';
import { addressFields, messageIdFields } from '../../events/parts.docs.ts';
import type { DocumentedEventType } from './documented-event-type.ts';

/** The keywords of JSON Schema that the catalog's schemas use, and the documentation of fields. */
export interface DocumentedSchema extends Partial<FieldDoc> {
  readonly $ref?: string;
  readonly type?: string;
  readonly title?: string;
  readonly format?: string;
  readonly const?: string | number | boolean;
  readonly enum?: readonly (string | number)[];
  readonly items?: DocumentedSchema;
  readonly properties?: Readonly<Record<string, DocumentedSchema>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

/**
 * A schema of normalized data as JSON Schema (draft 2020-12), where each field has its description, unit,
 * absence and source in separate keywords. A shape with its own section is referenced, not repeated.
 *
 * @throws when a field has no docs, or docs have no field
 */
export function toDocumentedSchema(lazy: LazySchema, docs: AnyFieldDocs): DocumentedSchema {
  const schema = lazy();
  const { $schema: _, ...converted } = toJsonSchema(schema, {
    target: 'draft-2020-12',
    typeMode: 'output',
    overrideSchema: ({ valibotSchema }) => {
      const shape = shapes.find((each) => each.schema() === valibotSchema);
      return shape && valibotSchema !== schema ? { $ref: `#/$defs/${shape.name}` } : undefined;
    },
  });
  return withDocs(converted as DocumentedSchema, docs, '');
}

/** Adds the docs of the fields inside of a schema, at whatever depth. `path` names it in errors. */
function withDocs(
  schema: DocumentedSchema,
  docs: AnyFieldDocs | undefined,
  path: string,
): DocumentedSchema {
  const { items, properties = {} } = schema;
  if (items) {
    return { ...schema, items: withDocs(items, docs, `${path}[]`) };
  }
  const names = new Set([...Object.keys(properties), ...Object.keys(docs ?? {})]);
  if (names.size === 0) {
    return schema;
  }
  const documented = [...names].map((name) => {
    const [property, doc] = [properties[name], docs?.[name]];
    const here = `${path}.${name}`;
    if (!property) {
      throw new Error(`There are docs of ${here}, but no such field.`);
    }
    if (!doc) {
      throw new Error(`The field ${here} has no docs.`);
    }
    const { fields, ...sentences } = doc;
    return [name, { ...withDocs(property, fields, here), ...sentences }] as const;
  });
  return { ...schema, properties: Object.fromEntries(documented) };
}

/** JSON Schema without any keyword of ours, so that a strict validator takes it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Moves the extra fields of {@link DocumentedSchema} into the description. */
export function toPlainSchema(documented: DocumentedSchema): JsonSchema {
  const { unit, absent, source, description, items, properties, required, ...rest } = documented;
  const sentences = [
    description,
    unit && `Unit or form: ${unit}.`,
    absent && `Absent ${absent}.`,
    source && `Source: ${source}.`,
  ].filter((sentence) => sentence);
  return {
    ...rest,
    ...(sentences.length > 0 && { description: sentences.join(' ') }),
    ...(items && { items: toPlainSchema(items) }),
    ...(properties && { properties: plainProperties(properties) }),
    ...(required && required.length > 0 && { required }),
  };
}

function plainProperties(properties: Readonly<Record<string, DocumentedSchema>>) {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, toPlainSchema(schema)]),
  );
}

/** A shape that many event types use, documented once. */
interface Shape {
  /** Its name in JSON Schemas. */
  readonly name: string;
  /** Its name in tables. */
  readonly label: string;
  /** Heading of its section in docs/events.md. */
  readonly heading: string;
  readonly introduction: string;
  readonly schema: LazySchema;
  /** What its fields mean. */
  readonly fields: AnyFieldDocs;
}

/** The shapes that have a section of their own in docs/events.md. */
export const shapes: readonly Shape[] = [
  {
    name: 'address',
    label: 'address',
    heading: 'Addresses',
    introduction:
      'An address in `data` identifies a person, a group, a channel or a broadcast. A person has a phone number and a hidden id (LID). A payload may contain either or both; [pairs from other webhooks](#people-with-two-addresses) complete it. To compare two people, use the field that both addresses have.',
    schema: addressData,
    fields: addressFields,
  },
  {
    name: 'messageId',
    label: 'message id',
    heading: 'Message ids',
    introduction:
      'The id of a message, split into its parts, because senders use several formats for the id of the same message.',
    schema: messageIdData,
    fields: messageIdFields,
  },
];

/** The shape that a `$ref` refers to. */
export function shapeOf(ref: string): Shape {
  const shape = shapes.find(({ name }) => ref === `#/$defs/${name}`);
  if (!shape) {
    throw new Error(`No shape is called ${ref}.`);
  }
  return shape;
}

/** The JSON Schema (draft 2020-12) of the `detail` of an event type. */
export function detailSchema(eventType: DocumentedEventType): JsonSchema {
  const meta = metaSchema(eventType);
  const detail = {
    title: eventType.type,
    description: eventType.deprecated
      ? `${eventType.summary} Deprecated: ${eventType.deprecated}`
      : eventType.summary,
    ...(eventType.deprecated && { deprecated: true }),
    type: 'object',
    properties: {
      meta: toPlainSchema({ ...meta, description: 'What is known of every event.' }),
      data: toPlainSchema({
        ...toDocumentedSchema(eventType.data, eventType.fields),
        description: 'The payload, the same shape whichever sender or engine it came from.',
      }),
      raw: {
        description: `The full webhook body as it was sent; for a list, the element that this event is made of. A string if the body is no JSON object or list, or has an integer beyond 64 bits. Absent on derived events. ${claimCheck}`,
      },
    },
    required: ['meta', 'data'],
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:whatsapp-event-fanout:v${meta.properties?.version?.const}:${eventType.type}`,
    ...detail,
    $defs: usedShapes(detail),
  };
}

const claimCheck =
  'Where it would make the event too large for the bus: `{"claimCheck": {"bucket", "key", "bytes"}}`, which says where it lies in S3.';

function metaSchema({ type, category }: DocumentedEventType): DocumentedSchema {
  const meta = toDocumentedSchema(metaData, metaFields);
  const { properties } = meta;
  return {
    ...meta,
    properties: {
      ...properties,
      category: { ...properties?.category, const: category },
      type: { ...properties?.type, const: type },
    },
  };
}

function usedShapes(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const text = JSON.stringify(schema);
  const used = shapes.filter(({ name }) => text.includes(`"#/$defs/${name}"`));
  return Object.fromEntries(
    used.map(({ name, schema, fields }) => [
      name,
      toPlainSchema(toDocumentedSchema(schema, fields)),
    ]),
  );
}
