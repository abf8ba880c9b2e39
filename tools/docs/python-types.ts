import { documentedEventTypes } from './documented-event-type.ts';
import { type DocumentedSchema, detailSchema } from './documented-schema.ts';

/** The module that the Python example, and anybody's consumer in Python, imports its types from. */
export function pythonTypes(): string {
  const classes = new Map<string, string>();
  const eventTypes = documentedEventTypes().map((eventType) => {
    const schema = detailSchema(eventType) as DocumentedSchema;
    for (const [name, shape] of Object.entries(
      (schema.$defs ?? {}) as Readonly<Record<string, DocumentedSchema>>,
    )) {
      addClass(classes, className(name), shape);
    }
    const name = className(eventType.type);
    addClass(classes, `${name}Data`, schema.properties?.data ?? {});
    addClass(classes, 'Meta', withoutConstants(schema.properties?.meta ?? {}));
    return { type: eventType.type, name, summary: eventType.summary };
  });
  const details = eventTypes.map(
    ({ type, name, summary }) =>
      `class ${name}(TypedDict):\n    """${type}: ${summary}"""\n\n    meta: Meta\n    data: ${name}Data\n    raw: NotRequired[Any]\n`,
  );
  return `${[head, ...classes.values(), ...details].join('\n\n')}`;
}

const head = `"""Types of the events on the bus, made by \`npm run docs\` from the JSON Schemas. Do not edit.

What a consumer receives is EventBridge's event; its \`detail\` is one of the last classes here.
"""

from typing import Any, Literal, NotRequired, TypedDict
`;

/** Category and type are constants of each event type; the class of `meta` is the same for all. */
function withoutConstants(meta: DocumentedSchema): DocumentedSchema {
  const text = { type: 'string' };
  return { ...meta, properties: { ...meta.properties, category: text, type: text } };
}

/** Adds the class of an object, after those that it needs. */
function addClass(
  classes: Map<string, string>,
  name: string,
  { properties = {}, required = [] }: DocumentedSchema,
): void {
  const fields = Object.entries(properties).map(([field, schema]) => {
    const type = pythonType(classes, `${name}${className(field)}`, schema);
    return [field, required.includes(field) ? type : `NotRequired[${type}]`] as const;
  });
  // A field such as `from` is no name in Python, but may be a key.
  const text = fields.every(([field]) => isName(field))
    ? `class ${name}(TypedDict):\n${fields.map(([field, type]) => `    ${field}: ${type}\n`).join('') || '    pass\n'}`
    : `${name} = TypedDict(\n    "${name}",\n    {\n${fields.map(([field, type]) => `        "${field}": ${type},\n`).join('')}    },\n)\n`;
  classes.set(name, text);
}

function pythonType(classes: Map<string, string>, name: string, schema: DocumentedSchema): string {
  if (schema.$ref) {
    return className(schema.$ref.split('/').at(-1) ?? '');
  }
  if (schema.const !== undefined || schema.enum) {
    return `Literal[${[schema.const ?? schema.enum ?? []].flat().map(pythonLiteral).join(', ')}]`;
  }
  switch (schema.type) {
    case 'array':
      return `list[${schema.items ? pythonType(classes, name, schema.items) : 'Any'}]`;
    case 'object':
      if (!schema.properties) {
        return 'dict[str, Any]';
      }
      addClass(classes, name, schema);
      return name;
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'integer':
      return 'int';
    case 'number':
      return 'float';
    default:
      return 'Any';
  }
}

const isName = (text: string) => /^[A-Za-z_]\w*$/.test(text) && !keywords.has(text);

const keywords: ReadonlySet<string> = new Set(['from', 'class', 'is', 'in', 'not', 'pass']);

/** `message.ack.group` becomes `MessageAckGroup`, `replyTo` becomes `ReplyTo`. */
const className = (text: string) =>
  text
    .split(/[^A-Za-z0-9]+/)
    .map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`)
    .join('');

/** `true` is `True` in Python; texts and numbers are as in JSON. */
const pythonLiteral = (value: string | number | boolean) =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : JSON.stringify(value);
