import { derived } from '../../events/derived.ts';
import type { DocumentedKind, WorkedExample } from './documented-kind.ts';
import { type DocumentedSchema, shapeOf, toDocumentedSchema } from './documented-schema.ts';
import { codeBlock, formatJson, headingAnchor, markdownTable } from './markdown.ts';
import { kindPattern, putRuleCommand } from './rule.ts';

/** The section of docs/events.md on one kind. */
export function kindSection(kind: DocumentedKind): string {
  const { type, summary, deprecated, variants, key } = kind;
  return [
    `### \`${type}\``,
    summary,
    ...(deprecated ? [`> **Deprecated.** ${deprecated}`] : []),
    `**On the wire**\n\n${variants.map((variant) => `- ${variant}`).join('\n')}`,
    `**Fields of \`data\`** ([JSON Schema](schemas/${type}.json))`,
    fieldTable(toDocumentedSchema(kind.data, kind.fields)),
    `**In \`meta\`**: ${metaSentence(kind.fills)}`,
    `**Idempotency key** \`${key.name}:…\`: ${key.rule}`,
    '**Rule**',
    codeBlock('json', formatJson(kindPattern(type))),
    codeBlock('sh', putRuleCommand(ruleName(type), kindPattern(type))),
    ...kind.examples.map(exampleDetails),
    ...(kind.examples.length === 1 && !Object.hasOwn(derived, type)
      ? ['Wawp documents no shape of its own for this kind; it is read as WAHA’s.']
      : []),
  ].join('\n\n');
}

function metaSentence({ chat, fromMe, occurredAt }: DocumentedKind['fills']): string {
  const reported = [...(chat ? ['`chat`'] : []), ...(fromMe ? ['`fromMe`'] : [])];
  const never = [...(chat ? [] : ['`chat`']), ...(fromMe ? [] : ['`fromMe`'])];
  return [
    reported.length > 0
      ? `${reported.join(' and ')} where the payload says ${reported.length > 1 ? 'them' : 'it'}`
      : '',
    never.length > 0 ? `no ${never.join(' and no ')}` : '',
    occurredAt
      ? '`occurredAt` is the payload’s own time where it has one.'
      : '`occurredAt` is the time of the sender’s envelope.',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function ruleName(type: string): string {
  return `on-${type.replaceAll('.', '-')}`;
}

function exampleDetails({ label, body, detail }: WorkedExample): string {
  return [
    `<details><summary>Example: ${label}</summary>`,
    'The webhook that came in:',
    codeBlock('json', formatJson(body)),
    'The `detail` that goes out:',
    codeBlock('json', formatJson(detail)),
    '</details>',
  ].join('\n\n');
}

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
  if (field.format === 'date-time') {
    return 'time (ISO-8601 UTC)';
  }
  const name = typeName(field);
  return field.unit ? `${name} (${field.unit})` : name;
}

function typeName(field: DocumentedSchema): string {
  const { $ref, type, items, const: only, enum: words } = field;
  if ($ref) {
    const { label, heading } = shapeOf($ref);
    return `[${label}](#${headingAnchor(heading)})`;
  }
  if (only !== undefined) {
    return code(only);
  }
  if (words) {
    return words.map(code).join(', ');
  }
  if (type === 'array') {
    return items ? `list of ${plural(typeOf(items))}` : 'list';
  }
  if (type === 'integer') {
    return `integer${range(field)}`;
  }
  return type ?? 'anything';
}

/** `string` becomes `strings`; words with a unit or a link stay as they are. */
const plural = (name: string) => (/^[a-z]+$/.test(name) ? `${name}s` : name);

const code = (value: unknown) => `\`${value}\``;

function range({ minimum, maximum }: DocumentedSchema): string {
  if (minimum === undefined) {
    return '';
  }
  return maximum === undefined ? ` from ${minimum}` : ` from ${minimum} to ${maximum}`;
}
