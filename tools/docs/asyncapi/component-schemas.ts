import { detailSchema } from '../detail-schema.ts';
import type { DocumentedKind } from '../documented-kind.ts';
import type { JsonSchema } from '../plain-schema.ts';

/** Where a schema of the document is. */
export function schemaPath(name: string): string {
  return `#/components/schemas/${name}`;
}

/** The schemas of all kinds, by their names, with the shapes that they refer to beside them. */
export function componentSchemas(
  kinds: readonly DocumentedKind[],
): Readonly<Record<string, unknown>> {
  const schemas: Record<string, unknown> = {};
  for (const kind of kinds) {
    const { $schema: _, $id: __, $defs, ...detail } = detailSchema(kind);
    for (const [name, shape] of Object.entries($defs ?? {})) schemas[name] = inAsyncApi(shape);
    schemas[kind.type] = inAsyncApi(detail);
  }
  return schemas;
}

/**
 * AsyncAPI's schemas are a superset of JSON Schema draft-07, in which nothing may stand beside `$ref`
 * (AsyncAPI 3.0, "Reference Object"); what does is put around it with `allOf`.
 */
function inAsyncApi(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(inAsyncApi);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, ...rest } = schema as JsonSchema;
  const inner = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, inAsyncApi(value)]),
  );
  if (typeof $ref !== 'string') return inner;
  const reference = { $ref: $ref.replace('#/$defs/', schemaPath('')) };
  return Object.keys(inner).length === 0 ? reference : { ...inner, allOf: [reference] };
}
