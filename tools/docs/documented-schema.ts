import { toJsonSchema } from '@valibot/to-json-schema';
import type { AnyFieldDocs, FieldDoc } from '../../events/kind-docs.ts';
import type { LazySchema } from '../../events/lazy-schema.ts';
import { shapes } from './shapes.ts';

/** The part of JSON Schema that the catalog's schemas come out as, with the documentation of fields. */
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
 * A schema of normalized data as JSON Schema (draft 2020-12), where each field has its description,
 * unit, absence and source apart. A shape that has a section of its own is referred to, not repeated.
 *
 * @throws where a field has no docs, or docs have no field
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
  if (items) return { ...schema, items: withDocs(items, docs, `${path}[]`) };
  const names = new Set([...Object.keys(properties), ...Object.keys(docs ?? {})]);
  if (names.size === 0) return schema;
  const documented = [...names].map((name) => {
    const [property, doc] = [properties[name], docs?.[name]];
    const here = `${path}.${name}`;
    if (!property) throw new Error(`There are docs of ${here}, but no such field.`);
    if (!doc) throw new Error(`The field ${here} has no docs.`);
    const { fields, ...sentences } = doc;
    return [name, { ...withDocs(property, fields, here), ...sentences }] as const;
  });
  return { ...schema, properties: Object.fromEntries(documented) };
}
