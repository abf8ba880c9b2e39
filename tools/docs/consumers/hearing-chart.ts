import type { ConsumerKind, ConsumerRow } from '../../../lib/consumer-row.ts';
import { heardTypes } from '../../../lib/heard-pattern.ts';
import { categoryOf } from './category-of.ts';

/** What stands below a consumer's name in the picture. */
const deliveries: Readonly<Record<ConsumerKind, string>> = {
  function: 'queue + function',
  queue: 'queue',
  https: 'HTTPS',
  bus: 'bus',
  firehose: 'bucket',
  target: 'target',
};

/** A Mermaid flowchart of which categories of events reach which consumer. */
export function hearingChart(consumers: Readonly<Record<string, ConsumerRow>>): string {
  const rows = Object.entries(consumers).map(([name, row], index) => ({
    id: `consumer${index}`,
    label: `${name}<br/>${deliveries[row.kind]}`,
    arrow: row.pattern ? '-. some .->' : '-->',
    categories: [...new Set(heardTypes(row).map(categoryOf))],
  }));
  const heard = [...new Set(rows.flatMap(({ categories }) => categories))];
  const idOf = (category: string) => `category${heard.indexOf(category)}`;
  return [
    'flowchart LR',
    '  bus(("bus"))',
    ...heard.map((category) => `  bus --- ${idOf(category)}(["${category}"])`),
    ...rows.flatMap(({ id, label, arrow, categories }) => [
      `  ${id}["${label}"]`,
      ...categories.map((category) => `  ${idOf(category)} ${arrow} ${id}`),
    ]),
    '  bus -. what nobody hears .-> unrouted["unrouted<br/>queue"]',
  ].join('\n');
}
