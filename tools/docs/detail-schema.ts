import { metaFields } from '../../events/meta-data.docs.ts';
import { metaData } from '../../events/meta-data.ts';
import type { DocumentedKind } from './documented-kind.ts';
import {
  type DocumentedSchema,
  type JsonSchema,
  shapes,
  toDocumentedSchema,
  toPlainSchema,
} from './documented-schema.ts';

/** The JSON Schema (draft 2020-12) of the `detail` of one kind's events. */
export function detailSchema(kind: DocumentedKind): JsonSchema {
  const meta = metaSchema(kind);
  const detail = {
    title: kind.type,
    description: kind.deprecated ? `${kind.summary} Deprecated: ${kind.deprecated}` : kind.summary,
    ...(kind.deprecated && { deprecated: true }),
    type: 'object',
    properties: {
      meta: toPlainSchema({ ...meta, description: 'What is known of every event.' }),
      data: toPlainSchema({
        ...toDocumentedSchema(kind.data, kind.fields),
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
    $id: `urn:whatsapp-event-fanout:v${meta.properties?.version?.const}:${kind.type}`,
    ...detail,
    $defs: usedShapes(detail),
  };
}

const claimCheck =
  'Where it would make the event too large for the bus: `{"claimCheck": {"bucket", "key", "bytes"}}`, which says where it lies in S3.';

function metaSchema({ type, category }: DocumentedKind): DocumentedSchema {
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
