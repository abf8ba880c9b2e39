import { derived } from '../../events/derived.ts';
import { codeBlock } from './code-block.ts';
import type { DocumentedKind } from './documented-kind.ts';
import { toDocumentedSchema } from './documented-schema.ts';
import { fieldTable } from './field-table.ts';
import { formatJson } from './format-json.ts';
import { kindPattern, putRuleCommand } from './rule.ts';
import type { WorkedExample } from './worked-example.ts';

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
  const told = [...(chat ? ['`chat`'] : []), ...(fromMe ? ['`fromMe`'] : [])];
  const never = [...(chat ? [] : ['`chat`']), ...(fromMe ? [] : ['`fromMe`'])];
  return [
    told.length > 0
      ? `${told.join(' and ')} where the payload says ${told.length > 1 ? 'them' : 'it'}`
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
