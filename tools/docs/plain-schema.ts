import type { DocumentedSchema } from './documented-schema.ts';

/** JSON Schema without any keyword of ours, so that a strict validator takes it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Tells in the description what {@link DocumentedSchema} has apart. */
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
