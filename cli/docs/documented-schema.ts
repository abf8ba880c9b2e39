import { toJsonSchema } from '@valibot/to-json-schema';
import type { FieldDoc } from '../../events/data-field.ts';
import type { LazySchema } from '../../events/lazy-schema.ts';
import { shapes } from './shapes.ts';

/** The part of JSON Schema that the catalog's schemas come out as, with the documentation of fields. */
export interface DocumentedSchema extends FieldDoc {
  readonly $ref?: string;
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly format?: string;
  readonly const?: string | number | boolean;
  readonly enum?: readonly (string | number)[];
  readonly items?: DocumentedSchema;
  readonly properties?: Readonly<Record<string, DocumentedSchema>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

/**
 * A schema of normalized data as JSON Schema (draft 2020-12), where each field still has its unit,
 * absence and source apart. A shape that has a section of its own is referred to, not repeated.
 */
export function toDocumentedSchema(lazy: LazySchema): DocumentedSchema {
  const schema = lazy();
  const { $schema: _, ...converted } = toJsonSchema(schema, {
    target: 'draft-2020-12',
    typeMode: 'output',
    overrideSchema: ({ valibotSchema }) => {
      const shape = shapes.find((each) => each.schema() === valibotSchema);
      return shape && valibotSchema !== schema ? { $ref: `#/$defs/${shape.name}` } : undefined;
    },
  });
  return converted as DocumentedSchema;
}
