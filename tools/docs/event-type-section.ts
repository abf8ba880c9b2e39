import { derived } from '../../events/derived.ts';
import type { Example } from '../../events/event-type-docs.ts';
import { exampleBody } from '../../events/example-webhook.ts';
import { contentExamples, referralExample } from '../../events/message/content-examples.docs.ts';
import { contents } from '../../events/message/contents.ts';
import { pattern } from '../../events/pattern.ts';
import {
  type DocumentedEventType,
  type WorkedExample,
  workExample,
} from './documented-event-type.ts';
import { type DocumentedSchema, shapeOf, toDocumentedSchema } from './documented-schema.ts';
import {
  codeBlock,
  eventTypePattern,
  formatJson,
  headingAnchor,
  markdownTable,
  putRuleCommand,
} from './markdown.ts';

/** Page of a category, from docs/. */
export const eventsPath = (category: string) => `events/${category}.md`;

/** Page with the shapes that several types share, from the page of a category. */
const sharedPage = '../events.md';

/** The section on one event type, on the page of its category. */
export function eventTypeSection(eventType: DocumentedEventType): string {
  const { type, summary, deprecated, variants, key } = eventType;
  return [
    `## \`${type}\``,
    summary,
    ...(deprecated ? [`> **Deprecated.** ${deprecated}`] : []),
    `**On the wire**\n\n${variants.map((variant) => `- ${variant}`).join('\n')}`,
    `**Fields of \`data\`** ([JSON Schema](../schemas/${type}.json))`,
    fieldTable(toDocumentedSchema(eventType.data, eventType.fields), sharedPage),
    `**In \`meta\`**: ${metaSentence(eventType.fills)}`,
    `**Idempotency key** \`${key.name}:…\`: ${key.rule}`,
    '**Rule**',
    codeBlock('json', formatJson(eventTypePattern(type))),
    codeBlock('sh', putRuleCommand(ruleName(type), eventTypePattern(type))),
    ...eventType.examples.map(exampleDetails),
    ...(eventType.examples.length === 1 && !Object.hasOwn(derived, type)
      ? ['Wawp’s documentation does not describe this event type; it is read in WAHA’s format.']
      : []),
  ].join('\n\n');
}

function metaSentence({ chat, fromMe, occurredAt }: DocumentedEventType['fills']): string {
  const reported = [...(chat ? ['`chat`'] : []), ...(fromMe ? ['`fromMe`'] : [])];
  const never = [...(chat ? [] : ['`chat`']), ...(fromMe ? [] : ['`fromMe`'])];
  return [
    reported.length > 0
      ? `${reported.join(' and ')} if the payload contains ${reported.length > 1 ? 'them' : 'it'}`
      : '',
    never.length > 0 ? `no ${never.join(' and no ')}` : '',
    occurredAt
      ? '`occurredAt` is the time in the payload, if it has one.'
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
    'The webhook:',
    codeBlock('json', formatJson(body)),
    'The `detail` of the event:',
    codeBlock('json', formatJson(detail)),
    '</details>',
  ].join('\n\n');
}

/**
 * All fields of an object, the nested ones too, as a Markdown table.
 *
 * @param shapesPage the page with the shapes that fields link to; by default the same
 */
export function fieldTable(schema: DocumentedSchema, shapesPage = ''): string {
  return markdownTable(
    ['field', 'type', 'what it is', 'absent'],
    fieldRows(schema, '', shapesPage),
  );
}

function fieldRows(schema: DocumentedSchema, path: string, shapesPage: string): string[][] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, field]) => {
    const here = path === '' ? name : `${path}.${name}`;
    const absent = required.includes(name)
      ? 'never'
      : (field.absent ?? 'if the payload does not contain it');
    const meaning = [field.description, field.source && `Source: ${field.source}.`];
    const row = [
      code(here),
      typeOf(field, shapesPage),
      meaning.filter((part) => part).join(' '),
      absent,
    ];
    return [row, ...innerRows(field, here, shapesPage)];
  });
}

function innerRows(field: DocumentedSchema, path: string, shapesPage: string): string[][] {
  return field.items
    ? innerRows(field.items, `${path}[]`, shapesPage)
    : fieldRows(field, path, shapesPage);
}

/** The type of a field in words, with the unit or form of its value. */
function typeOf(field: DocumentedSchema, shapesPage: string): string {
  if (field.format === 'date-time') {
    return 'time (ISO-8601 UTC)';
  }
  const name = typeName(field, shapesPage);
  return field.unit ? `${name} (${field.unit})` : name;
}

function typeName(field: DocumentedSchema, shapesPage: string): string {
  const { $ref, type, items, const: only, enum: words } = field;
  if ($ref) {
    const { label, heading } = shapeOf($ref);
    return `[${label}](${shapesPage}#${headingAnchor(heading)})`;
  }
  if (only !== undefined) {
    return code(only);
  }
  if (words) {
    return words.map(code).join(', ');
  }
  if (type === 'array') {
    return items ? `list of ${plural(typeOf(items, shapesPage))}` : 'list';
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

/** Heading of the section. */
export const contentsHeading = 'Contents of messages';

const messageTypes = ['message', 'message.any'] as const;

/** Inbound messages without duplicates of another event type. */
const inbound = { 'meta.fromMe': false, 'meta.duplicateOf': { exists: false } } as const;

/** Rules for common needs. */
const rules = [
  {
    name: 'orders',
    title: 'Orders',
    pattern: pattern({ type: messageTypes, where: { ...inbound, 'data.content': 'order' } }),
  },
  {
    name: 'mentions-of-me',
    title: 'Mentions of this account',
    pattern: pattern({ type: messageTypes, where: { ...inbound, 'data.mentionsMe': true } }),
  },
  {
    name: 'answers-to-my-buttons',
    title:
      'Selected buttons of this account, in this example those with ids that begin with `seats:`',
    pattern: pattern({
      type: messageTypes,
      where: {
        ...inbound,
        'data.content': 'choice',
        'data.choice.by': ['button', 'template'],
        'data.choice.id': { prefix: 'seats:' },
      },
    }),
  },
  {
    name: 'from-an-ad',
    title: 'Messages after a click on an ad',
    pattern: pattern({ type: messageTypes, where: { ...inbound, 'data.referral.source': 'ad' } }),
  },
  {
    name: 'files-to-download',
    title: 'Files that can be downloaded',
    pattern: pattern({ type: messageTypes, where: { ...inbound, 'data.media.available': true } }),
  },
];

/** What each content looks like before and after, and rules that begin with it. */
export function contentsSection(): string {
  return [
    `## ${contentsHeading}`,
    'The field `data.content` of every `message` and `message.any` is its content type. Each engine represents a content type in its own way. Below are rules for common needs, and for each content type the payload of one engine with the resulting `data`. `data.body` is the text that people see, for every content type.',
    ...rules.flatMap(({ name, title, pattern: eventPattern }) => [
      `**${title}**`,
      codeBlock('json', formatJson(eventPattern)),
      codeBlock('sh', putRuleCommand(name, eventPattern)),
    ]),
    ...contents.map((content) => {
      const { summary, ...example } = contentExamples[content];
      return exampleOf(`\`${content}\`: ${summary}`, example);
    }),
    exampleOf('The first message of a person who clicked on an ad.', referralExample),
  ].join('\n\n');
}

function exampleOf(title: string, example: Example): string {
  const { detail } = workExample(title, exampleBody('message', example));
  return [
    `<details><summary>${title.replaceAll(/`([^`]*)`/g, '<code>$1</code>')}</summary>`,
    `The payload, from ${example.engine}:`,
    codeBlock('json', formatJson(example.payload)),
    'The `data` of the event:',
    codeBlock('json', formatJson(detail.data)),
    '</details>',
  ].join('\n\n');
}
