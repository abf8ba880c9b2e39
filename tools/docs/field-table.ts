import type { DocumentedSchema } from './documented-schema.ts';
import { headingAnchor } from './heading-anchor.ts';
import { markdownTable } from './markdown-table.ts';
import { shapeOf } from './shapes.ts';

/** All fields of an object, the nested ones too, as a Markdown table. */
export function fieldTable(schema: DocumentedSchema): string {
  return markdownTable(['field', 'type', 'what it is', 'absent'], fieldRows(schema, ''));
}

function fieldRows(schema: DocumentedSchema, path: string): string[][] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, field]) => {
    const here = path === '' ? name : `${path}.${name}`;
    const absent = required.includes(name) ? 'never' : (field.absent ?? 'where not said');
    const meaning = [field.description, field.source && `Source: ${field.source}.`];
    const row = [code(here), typeOf(field), meaning.filter((part) => part).join(' '), absent];
    return [row, ...innerRows(field, here)];
  });
}

function innerRows(field: DocumentedSchema, path: string): string[][] {
  return field.items ? innerRows(field.items, `${path}[]`) : fieldRows(field, path);
}

/** The type of a field in words, with the unit or form of its value. */
function typeOf(field: DocumentedSchema): string {
  if (field.format === 'date-time') return 'time (ISO-8601 UTC)';
  const name = typeName(field);
  return field.unit ? `${name} (${field.unit})` : name;
}

function typeName(field: DocumentedSchema): string {
  const { $ref, type, items, const: only, enum: words } = field;
  if ($ref) {
    const { label, heading } = shapeOf($ref);
    return `[${label}](#${headingAnchor(heading)})`;
  }
  if (only !== undefined) return code(only);
  if (words) return words.map(code).join(', ');
  if (type === 'array') return items ? `list of ${plural(typeOf(items))}` : 'list';
  if (type === 'integer') return `whole number${range(field)}`;
  return type ?? 'anything';
}

/** `string` becomes `strings`; words with a unit or a link stay as they are. */
const plural = (name: string) => (/^[a-z]+$/.test(name) ? `${name}s` : name);

const code = (value: unknown) => `\`${value}\``;

function range({ minimum, maximum }: DocumentedSchema): string {
  if (minimum === undefined) return '';
  return maximum === undefined ? ` from ${minimum}` : ` from ${minimum} to ${maximum}`;
}
