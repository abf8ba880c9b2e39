import { metaFields } from '../../events/meta-data.docs.ts';
import { metaData } from '../../events/meta-data.ts';
import { consumers } from '../../lib/consumers.ts';
import { heardTypes } from '../../lib/heard-pattern.ts';
import { type DocumentedKind, documentedKinds } from './documented-kind.ts';
import { toDocumentedSchema } from './documented-schema.ts';
import { envelopeSection, keySection, rulesSection } from './events-page-prose.ts';
import { fieldTable } from './field-table.ts';
import { headingAnchor } from './heading-anchor.ts';
import { kindSection } from './kind-section.ts';
import { shapes } from './shapes.ts';

/** The whole of docs/events.md. */
export function eventsPage(): string {
  const byCategory = Map.groupBy(documentedKinds(), ({ category }) => category);
  return `${[
    '<!-- Made by `npm run docs` from the catalog (events/categories/). Do not edit. -->',
    '# Events',
    'Every event on the bus, for those who write a consumer: what it means, what is in it, how to hear it.',
    contents(byCategory),
    envelopeSection(),
    '## meta',
    'Flat, the same for every kind, made for rules to filter on. In event patterns the paths begin with `detail.meta`.',
    fieldTable(toDocumentedSchema(metaData, metaFields)),
    keySection(),
    ...shapes.flatMap(({ heading, introduction, schema, fields }) => [
      `## ${heading}`,
      introduction,
      fieldTable(toDocumentedSchema(schema, fields)),
    ]),
    rulesSection(),
    ...[...byCategory].flatMap(([category, kinds]) => [
      `## ${categoryHeading(category)}`,
      heardBy(kinds),
      ...kinds.map(kindSection),
    ]),
  ].join('\n\n')}\n`;
}

function categoryHeading(category: string): string {
  return `Category: ${category}`;
}

function contents(byCategory: ReadonlyMap<string, readonly DocumentedKind[]>): string {
  const link = (text: string, heading: string) => `[${text}](#${headingAnchor(heading)})`;
  const sections = ['What a consumer receives', 'meta', 'Idempotency keys'];
  const all = [...sections, ...shapes.map(({ heading }) => heading), 'Rules'];
  return [
    ...all.map((heading) => `- ${link(heading, heading)}`),
    ...[...byCategory].map(([category, kinds]) => {
      const links = kinds.map(({ type }) => link(`\`${type}\``, type));
      return `- ${link(category, categoryHeading(category))}: ${links.join(', ')}`;
    }),
  ].join('\n');
}

function heardBy(kinds: readonly DocumentedKind[]): string {
  const names = Object.entries(consumers)
    .filter(([, row]) => kinds.some(({ type }) => heardTypes(row).includes(type)))
    .map(([name]) => `\`${name}\``);
  return names.length === 0
    ? 'No built-in consumer hears these; they go to the `unrouted` queue.'
    : `Heard by the built-in [consumer${names.length > 1 ? 's' : ''}](../README.md#consumers) ${names.join(', ')}.`;
}
