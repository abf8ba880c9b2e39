import { consumerKinds } from '../../lib/consumer-row.ts';
import { documentationOf } from '../../lib/schema.ts';
import { settings } from '../../lib/settings.ts';
import { type AnySchema, objectText, schemaOf, type TypeContext } from './schema-type.ts';

/** Types of the fields of rows that a schema cannot express. */
const customs = {
  pattern: 'EventPattern',
  endpoint: 'string',
  environment: 'Readonly<Record<string, string>>',
  conditions: 'Readonly<Record<string, unknown>>',
  target: 'IRuleTarget | ((undeliverable: IQueue) => IRuleTarget)',
};

/** The name of each kind's row in `./cdk`. */
const rowName = (kind: string) => `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Consumer`;

const context: Omit<TypeContext, 'side'> = { names: new Map(), customs, commentOf };

/** The declaration of `Settings`, made from its schema. */
export function settingsText(): string {
  const text = objectText(
    { type: 'object', entries: entriesOf(settings) },
    { ...context, side: 'output' },
  );
  return `/** The settings of one deployment, each checked. */\nexport interface Settings ${text}\n`;
}

/** The replacement for the types of `lib/consumer-row.ts` in the published package. */
export function consumerRowText(): string {
  const rows = Object.entries(consumerKinds).map(([kind, schema]) => {
    const members = objectText(schemaOf(schema), { ...context, side: 'input' });
    return `export interface ${rowName(kind)} {\n  readonly kind: '${kind}';\n${members.slice(2)}`;
  });
  const checked = Object.entries(consumerKinds).map(([kind, schema]) => {
    const members = objectText(schemaOf(schema), { ...context, side: 'output' });
    return `  readonly ${kind}: {\n  readonly kind: '${kind}';\n${members.slice(2)};`;
  });
  return [
    "import type { IRuleTarget } from 'aws-cdk-lib/aws-events';",
    "import type { IQueue } from 'aws-cdk-lib/aws-sqs';",
    "import type { EventPattern } from '../events/pattern.js';",
    ...rows,
    `interface Rows {\n${Object.keys(consumerKinds)
      .map((kind) => `  readonly ${kind}: ${rowName(kind)};`)
      .join('\n')}\n}`,
    `interface CheckedRows {\n${checked.join('\n')}\n}`,
    '/** How a consumer gets its events. */\nexport type ConsumerKind = keyof Rows;',
    '/** The row of one kind, as it is written. */\nexport type RowOf<K extends ConsumerKind> = Rows[K];',
    '/** The row of one kind, checked, with its defaults. */\nexport type CheckedRow<K extends ConsumerKind = ConsumerKind> = CheckedRows[K];',
    "/** Something that a function is allowed. */\nexport type Permission = NonNullable<FunctionConsumer['permissions']>[number];",
    '/** One consumer: who it is, what it subscribes to, and how it is delivered. It names `categories` or `pattern`, not both. */\nexport type ConsumerRow = Rows[ConsumerKind];\n',
  ].join('\n');
}

const entriesOf = (entries: object) => entries as Readonly<Record<string, AnySchema>>;

/** The documentation of a setting. */
function commentOf(_field: string, schema: AnySchema): string | undefined {
  const { summary, allowed, fallback } = documentationOf(
    schema as unknown as Parameters<typeof documentationOf>[0],
  );
  if (summary === 'undefined') {
    return undefined;
  }
  const otherwise = fallback === undefined ? '' : ` @default ${fallback}`;
  return `${summary}. Takes ${allowed}.${otherwise}`;
}
