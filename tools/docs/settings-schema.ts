import { toJsonSchema } from '@valibot/to-json-schema';
import { documentationOf } from '../../lib/schema.ts';
import { settings } from '../../lib/settings.ts';

/** The JSON Schema of a stage's file (`stages/<stage>.json`), by which editors complete and check it. */
export function settingsSchema(): object {
  // The stage is the file's name.
  const { stage: _, ...entries } = settings;
  const properties = Object.entries(entries).map(([name, schema]) => [name, propertyOf(schema)]);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Settings of a stage',
    type: 'object',
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(properties) },
    additionalProperties: false,
  };
}

function propertyOf(schema: Parameters<typeof documentationOf>[0]): object {
  const { summary, allowed } = documentationOf(schema);
  const converted: Record<string, unknown> = {
    ...toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' }),
  };
  // The description contains this metadata of the schema.
  for (const keyword of ['$schema', 'summary', 'allowed', 'fallback', 'isPrivate']) {
    delete converted[keyword];
  }
  return { ...converted, description: `${summary}. Takes ${allowed}.` };
}
