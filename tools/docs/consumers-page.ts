import {
  type ConsumerKind,
  type ConsumerRow,
  consumerKinds,
  type RowOf,
} from '../../lib/consumer-row.ts';
import { consumers as ownConsumers } from '../../lib/consumers.ts';
import { documentationOf } from '../../lib/schema.ts';
import { subscribedTypes, subscriptionPattern } from '../../lib/subscription.ts';
import { documentedEventTypes } from './documented-event-type.ts';
import { codeBlock, formatJson, headingAnchor, markdownTable } from './markdown.ts';

/** docs/consumers.md. */
export function consumersPage(
  consumers: Readonly<Record<string, ConsumerRow>> = ownConsumers,
): string {
  return `${[
    '<!-- Made by `npm run docs` from lib/consumers.ts and lib/consumer-row.ts. Do not edit. -->',
    '# Consumers',
    'This page lists the consumers, the events that each subscribes to, and how the events are delivered. Each consumer is one row in [lib/consumers.ts](../lib/consumers.ts). See [Add a consumer](how-to/add-a-consumer.md); the [examples](../examples/README.md) are consumers in other stacks.',
    consumersTable(consumers),
    '## Subscriptions',
    codeBlock('mermaid', subscriptionChart(consumers)),
    subscriptionText,
    '## Each consumer',
    'For each consumer: its EventBridge rule and its delivery settings. Values in bold are set in the row; the others are defaults.',
    ...Object.entries(consumers).map(([name, row]) => consumerSection(name, row)),
    '## Kinds of consumers and their settings',
    'The `kind` of a row decides how events are delivered, and which settings the row can have. `cdk synth` fails for an unknown setting or an invalid value, and prints the value and the allowed values.',
    ...kindSections(),
  ].join('\n\n')}\n`;
}

function consumersTable(consumers: Readonly<Record<string, ConsumerRow>>): string {
  return markdownTable(
    ['consumer', 'subscribes to', 'delivery'],
    Object.entries(consumers).map(([name, row]) => [
      `[\`${name}\`](#${headingAnchor(name)})`,
      row.summary,
      deliveryInWords(name, row, '../'),
    ]),
  );
}

const subscriptionText = [
  'Events of a type that no consumer subscribes to unconditionally go to the `unrouted` queue. A subscription is',
  'unconditional if it names a category, or if its pattern has conditions on types and categories only. Events of a type',
  'with conditional subscriptions only (dotted arrows) go to `unrouted` too, including those that match: otherwise',
  'the others would be lost. To avoid this, add a consumer that subscribes to the category. Consumers in',
  'other stacks, and rules that were added at run time, are not considered.',
].join('\n');

/** The label below a consumer's name in the chart. */
const deliveries: Readonly<Record<ConsumerKind, string>> = {
  function: 'queue + function',
  queue: 'queue',
  https: 'HTTPS',
  bus: 'bus',
  firehose: 'bucket',
  target: 'target',
};

/** A Mermaid flowchart of which categories of events reach which consumer. */
export function subscriptionChart(consumers: Readonly<Record<string, ConsumerRow>>): string {
  const rows = Object.entries(consumers).map(([name, row], index) => ({
    id: `consumer${index}`,
    label: `${name}<br/>${deliveries[row.kind]}`,
    arrow: row.pattern ? '-. some .->' : '-->',
    categories: [...new Set(subscribedTypes(row).map(categoryOf))],
  }));
  const subscribed = [...new Set(rows.flatMap(({ categories }) => categories))];
  const idOf = (category: string) => `category${subscribed.indexOf(category)}`;
  return [
    'flowchart LR',
    '  bus(("bus"))',
    ...subscribed.map((category) => `  bus --- ${idOf(category)}(["${category}"])`),
    ...rows.flatMap(({ id, label, arrow, categories }) => [
      `  ${id}["${label}"]`,
      ...categories.map((category) => `  ${idOf(category)} ${arrow} ${id}`),
    ]),
    '  bus -. no subscription .-> unrouted["unrouted<br/>queue"]',
  ].join('\n');
}

/** Settings that the section shows elsewhere, or whose value is confidential. */
const filtered = ['summary', 'categories', 'pattern', 'entry', 'endpoint', 'environment', 'target'];

/** The section of one consumer: its rule and its delivery settings. */
export function consumerSection(name: string, row: ConsumerRow): string {
  const values = row as unknown as Readonly<Record<string, unknown>>;
  return [
    `### \`${name}\``,
    `${row.summary}. Delivered by: ${deliveryInWords(name, row, '../')}.`,
    codeBlock('json', formatJson(subscriptionPattern(row))),
    markdownTable(
      ['delivery', 'value'],
      Object.entries(consumerKinds[row.kind].entries)
        .filter(([setting]) => !filtered.includes(setting))
        .map(([setting, schema]) => [
          `\`${setting}\``,
          values[setting] === undefined
            ? (documentationOf(schema).fallback ?? '')
            : `**${JSON.stringify(values[setting])}**`,
        ]),
    ),
  ].join('\n\n');
}

/** What each kind is for. */
const introductions: Readonly<Record<ConsumerKind, string>> = {
  function: 'A queue and a function. The function runs the handler of one file for each event.',
  queue: 'A queue that your own service reads, in this account or another.',
  https:
    'EventBridge posts each event to an endpoint (an API destination), with a secret in a header. It waits five seconds for an answer.',
  bus: 'EventBridge sends each event to another bus, in this or another account and region.',
  firehose:
    'Amazon Data Firehose writes the events to GZIP-compressed NDJSON files in a bucket (`events/2026/11/22/…gz`), for Athena or any reader of NDJSON. In AWS only: a local run skips it with a warning.',
  target:
    'Any `IRuleTarget` of CDK, given in `consumers` or with `addConsumer()` in your own app. Events that EventBridge cannot deliver to it go to the undeliverable queue.',
};

/** One section for each kind, with its settings. */
export function kindSections(): readonly string[] {
  return Object.entries(consumerKinds).map(([kind, { entries }]) =>
    [
      `### Kind: ${kind}`,
      introductions[kind as ConsumerKind],
      markdownTable(
        ['setting', 'default', 'allowed', 'what it is'],
        Object.entries(entries).map(([name, schema]) => {
          const { fallback = '(required)', allowed, summary } = documentationOf(schema);
          return [`\`${name}\``, fallback, allowed, summary];
        }),
      ),
    ].join('\n\n'),
  );
}

type InWords<K extends ConsumerKind> = (name: string, row: RowOf<K>, root: string) => string;

const inWords: { readonly [K in ConsumerKind]: InWords<K> } = {
  function: (name, { entry = `lambdas/consumers/${name}.ts` }, root) =>
    `queue and function [\`${name}\`](${root}${entry})`,
  queue: () => 'queue that your own service reads',
  https: (_name, { method = 'POST', endpoint }) => `${method} to \`${new URL(endpoint).host}\``,
  bus: (_name, { busArn }) => `another bus, \`${busArn.split('/').at(-1)}\``,
  firehose: () => 'compressed NDJSON in a bucket',
  target: () => 'a CDK rule target',
};

/**
 * How a consumer gets its events, in a few words.
 *
 * @param root where the project's root is from the document, for links; ends with a slash
 */
export function deliveryInWords(name: string, row: ConsumerRow, root = ''): string {
  return (inWords[row.kind] as InWords<ConsumerKind>)(name, row, root);
}

const categories: ReadonlyMap<string, string> = new Map(
  documentedEventTypes().map(({ type, category }) => [type, category]),
);

/** The category of a type on the bus. */
export function categoryOf(type: string): string {
  return categories.get(type) ?? type;
}
